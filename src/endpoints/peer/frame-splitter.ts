import { decodeFrame, FRAME_PREFIX_BYTES, MAX_HEADER_BYTES, type Decoded } from '../../endpoint/frame.ts';

export const LENGTH_BYTES = 4;
/** A frame above our limit is skipped and refused by its id up to this size; above, the stream is given up. */
const MAX_SKIPPED_BYTES = 64 * 1024 * 1024;

/** Cuts a byte stream into frames: each has its length before it, u32 big-endian. Holds one frame at most. */
export class FrameSplitter {
  readonly #maxPayloadBytes: number;
  readonly #maxFrameBytes: number;
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  #neededBytes = LENGTH_BYTES;
  #skipBytes = 0;

  constructor(maxPayloadBytes: number) {
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#maxFrameBytes = FRAME_PREFIX_BYTES + MAX_HEADER_BYTES + maxPayloadBytes;
  }

  /** Every frame that is whole now. After a malformed one there is nothing to make of the rest. */
  *push(chunk: Buffer): Generator<Decoded> {
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length;
    this.#skip();
    while (this.#heldBytes >= this.#neededBytes) {
      const bytes = this.#held();
      const frameBytes = bytes.readUInt32BE(0);
      const whole = LENGTH_BYTES + frameBytes;
      if (frameBytes <= this.#maxFrameBytes) {
        if (bytes.length < whole) {
          this.#neededBytes = whole;
          return;
        }
        this.#keep(bytes.subarray(whole));
        yield decodeFrame(bytes.subarray(LENGTH_BYTES, whole), this.#maxPayloadBytes);
      } else if (frameBytes > MAX_SKIPPED_BYTES) {
        yield { type: 'malformed', problem: `a frame of ${frameBytes} bytes` };
        return;
      } else {
        // Its id stands in the first bytes: enough to refuse it without ever holding it.
        this.#neededBytes = LENGTH_BYTES + FRAME_PREFIX_BYTES;
        if (bytes.length < this.#neededBytes) return;
        this.#keep(bytes);
        this.#skipBytes = whole;
        this.#skip();
        yield { type: 'oversize', id: bytes.readUInt32BE(LENGTH_BYTES + 1), sizeBytes: frameBytes };
      }
    }
  }

  #skip(): void {
    if (this.#skipBytes === 0) return;
    const bytes = this.#held();
    const skipped = Math.min(this.#skipBytes, bytes.length);
    this.#skipBytes -= skipped;
    this.#keep(bytes.subarray(skipped));
  }

  #held(): Buffer {
    const [only] = this.#chunks;
    return this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
  }

  #keep(bytes: Buffer): void {
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#heldBytes = bytes.length;
    this.#neededBytes = LENGTH_BYTES;
  }
}
