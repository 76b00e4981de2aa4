import { frameOf, opcodes, type Deflate } from '../../wire/websocket/index.ts';

/** One message for one or many far sides: encoded, and compressed, once for all of them, and only if somebody needs it so. */
export class Packed {
  readonly opcode: number;
  /** Bytes of the payload. */
  readonly sizeBytes: number;
  /** It goes to more than one far side: then its frame is worth keeping. */
  readonly isShared: boolean;
  readonly #payload: Uint8Array | string;
  #frame: Buffer | undefined;
  #deflated: Buffer | undefined;
  #deflate: Deflate | undefined;

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
    if (deflate === undefined) return (this.#frame ??= frameOf(this.#bytes(), { opcode, masked: false }));
    if (this.#deflated === undefined || this.#deflate !== deflate) {
      this.#deflated = frameOf(deflate(this.#bytes()), { opcode, masked: false, compressed: true });
      this.#deflate = deflate;
    }
    return this.#deflated;
  }

  /** Puts the payload at a place that has room for it. */
  writeTo(target: Buffer, at: number): void {
    const payload = this.#payload;
    if (typeof payload !== 'string') target.set(payload, at);
    else if (payload.length === this.sizeBytes) target.write(payload, at, 'latin1');
    else target.write(payload, at);
  }

  #bytes(): Uint8Array {
    return typeof this.#payload === 'string' ? Buffer.from(this.#payload) : this.#payload;
  }
}
