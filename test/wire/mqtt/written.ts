import { PacketWriter, type ProtocolLevel, type WriteTarget } from '../../../src/wire/mqtt/index.ts';

/** A target that keeps what it is given, chunk by chunk. */
export function recorder(): WriteTarget & { readonly chunks: Buffer[] } {
  const chunks: Buffer[] = [];
  return {
    chunks,
    cork: () => undefined,
    uncork: () => undefined,
    write(chunk, done) {
      chunks.push(Buffer.from(chunk));
      done?.();
    },
  };
}

/** All bytes `use` writes at `level`. */
export function written(level: ProtocolLevel, use: (writer: PacketWriter) => void): Buffer {
  const target = recorder();
  const writer = new PacketWriter(target, { level });
  use(writer);
  writer.flush();
  return Buffer.concat(target.chunks);
}
