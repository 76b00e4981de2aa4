import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Identities } from './world.ts';

/** One packet as it came over the wire. */
export interface RawPacket {
  /** Upper half of the first byte: 1 CONNECT, 3 PUBLISH, 4 PUBACK, 8 SUBSCRIBE, 12 PINGREQ. */
  readonly type: number;
  readonly body: Buffer;
}

export interface ScriptedBroker {
  readonly url: string;
  /** Packets of all connections, in order. */
  readonly packets: RawPacket[];
  readonly sockets: Set<TLSSocket>;
  /** Resolves when `packets` fulfils the condition. */
  when(condition: (packets: readonly RawPacket[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** A TLS server that answers packets as told, byte by byte: for what no real broker would do. */
export async function openScriptedBroker(
  { server: { cert, key } }: Identities,
  answer: (packet: RawPacket, socket: TLSSocket) => void,
): Promise<ScriptedBroker> {
  const packets: RawPacket[] = [];
  const sockets = new Set<TLSSocket>();
  const waiting = new Set<() => void>();
  const server = createServer({ cert, key, ALPNProtocols: ['mqtt'] }, (socket) => {
    let held = Buffer.alloc(0);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (let packet = cut(held); packet !== undefined; packet = cut(held)) {
        held = held.subarray(packet.bytes);
        packets.push(packet);
        answer(packet, socket);
      }
      for (const look of waiting) look();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`,
    packets,
    sockets,
    when: async (condition) =>
      await new Promise((resolve) => {
        const look = (): void => {
          if (!condition(packets)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Answers CONNECT, SUBSCRIBE and PINGREQ as a broker does. `connack` holds the properties, without their length. */
export function politely(connack: readonly number[] = []): (packet: RawPacket, socket: TLSSocket) => void {
  return ({ type, body }, socket) => {
    if (type === 1) socket.write(Buffer.from([0x20, 3 + connack.length, 0, 0, connack.length, ...connack]));
    if (type === 8) socket.write(Buffer.from([0x90, 4, body[0]!, body[1]!, 0, 1]));
    if (type === 12) socket.write(Buffer.from([0xd0, 0]));
  };
}

/** A QoS 1 PUBLISH on topic `t` without properties. */
export function publishPacket(packetId: number, payload: string): Buffer {
  return Buffer.concat([Buffer.from([0x32, 6 + payload.length, 0, 1, 0x74, 0, packetId, 0]), Buffer.from(payload)]);
}

/** Packet ids of the packets of this type, in order (PUBACK: 4). */
export function idsOf(packets: readonly RawPacket[], type: number): number[] {
  return packets.filter((packet) => packet.type === type).map(({ body }) => body.readUInt16BE(0));
}

function cut(bytes: Buffer): (RawPacket & { bytes: number }) | undefined {
  let length = 0;
  for (let index = 1; index < bytes.length && index <= 4; index += 1) {
    const digit = bytes[index]!;
    length += (digit & 127) * 128 ** (index - 1);
    if (digit < 128) {
      const end = 1 + index + length;
      if (bytes.length < end) return undefined;
      return { type: bytes[0]! >> 4, body: bytes.subarray(1 + index, end), bytes: end };
    }
  }
  return undefined;
}
