import { frameOf, headerBytes, opcodes, writeHeader, type Deflate } from '../../wire/websocket/index.ts';
import { noteChunk } from '../../wire/young-garbage.ts';

/** One message for one or many far sides: encoded, and compressed, once for all of them, and only if somebody needs it so. */
export class Packed {
  readonly opcode: number;
  /** Bytes of the payload. */
  readonly sizeBytes: number;
  /** It goes to more than one far side: then its frame is worth keeping. */
  readonly isShared: boolean;
  readonly #payload: Uint8Array | string;
  #frame: Buffer | undefined;
  /** For each window that far sides have agreed on. */
  #deflated: Map<Deflate, Buffer> | undefined;

  /** Text as text, and bytes as bytes unless they are said to be text. */
  constructor(payload: Uint8Array | string, isShared: boolean, isText = typeof payload === 'string') {
    this.#payload = payload;
    this.opcode = isText ? opcodes.text : opcodes.binary;
    this.sizeBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
    this.isShared = isShared;
  }

  /** The whole frame; that of a client is masked anew each time (RFC 6455, 5.3). */
  frame(server: boolean, deflate: Deflate | undefined): Buffer {
    const { opcode } = this;
    if (!server) {
      const payload = deflate === undefined ? this.#bytes() : deflate(this.#bytes());
      return frameOf(payload, { opcode, masked: true, compressed: deflate !== undefined });
    }
    if (deflate === undefined) return (this.#frame ??= this.#plainFrame());
    this.#deflated ??= new Map();
    let frame = this.#deflated.get(deflate);
    if (frame === undefined) {
      frame = frameOf(deflate(this.#bytes()), { opcode, masked: false, compressed: true });
      this.#deflated.set(deflate, frame);
    }
    return frame;
  }

  /** Puts the payload at a place that has room for it. */
  writeTo(target: Buffer, at: number): void {
    const payload = this.#payload;
    if (typeof payload !== 'string') target.set(payload, at);
    else if (payload.length === this.sizeBytes) target.write(payload, at, 'latin1');
    else target.write(payload, at);
  }

  #plainFrame(): Buffer {
    const { opcode, sizeBytes } = this;
    const frame = Buffer.allocUnsafe(headerBytes(sizeBytes, false) + sizeBytes);
    noteChunk(frame);
    this.writeTo(frame, writeHeader(frame, 0, sizeBytes, { opcode, masked: false }, 0));
    return frame;
  }

  #bytes(): Uint8Array {
    return typeof this.#payload === 'string' ? Buffer.from(this.#payload) : this.#payload;
  }
}
