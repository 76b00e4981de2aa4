import { ConnectionError, FRAME_SIZE_ERROR, PROTOCOL_ERROR } from './codes.ts';
import { HEAD_BYTES } from './frame.ts';

/** What a client says first (RFC 9113, 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** We announce no other (RFC 9113, 4.2). */
const LARGEST_FRAME = 16_384;

export type TakeFrame = (type: number, flags: number, stream: number, payload: Buffer) => void;

/** Cuts what comes into frames, after the preface. A payload is valid during the call. Throws what ends the connection. */
export class FrameReader {
  readonly #take: TakeFrame;
  #rest: Buffer | undefined;
  #hasPreface = false;

  constructor(take: TakeFrame) {
    this.#take = take;
  }

  /** A frame, or the preface, has come in part. */
  get isWithin(): boolean {
    return this.#rest !== undefined || !this.#hasPreface;
  }

  read(chunk: Buffer): void {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    let at = 0;
    if (!this.#hasPreface) {
      const length = Math.min(bytes.length, PREFACE.length);
      if (bytes.compare(PREFACE, 0, length, 0, length) !== 0)
        throw new ConnectionError(PROTOCOL_ERROR, 'another preface');
      if (length < PREFACE.length) {
        this.#rest = bytes;
        return;
      }
      this.#hasPreface = true;
      at = length;
    }
    while (bytes.length - at >= HEAD_BYTES) {
      const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
      if (length > LARGEST_FRAME) throw new ConnectionError(FRAME_SIZE_ERROR, 'a frame above the limit');
      const start = at + HEAD_BYTES;
      if (bytes.length - start < length) break;
      at = start + length;
      const stream = bytes.readUInt32BE(start - 4) & 0x7fffffff;
      this.#take(bytes[start - 6]!, bytes[start - 5]!, stream, bytes.subarray(start, at));
    }
    // A copy: what is left may be little of much.
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at));
  }
}
