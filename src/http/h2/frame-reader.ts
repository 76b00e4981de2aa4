import { ConnectionError, DATA, FRAME_SIZE_ERROR, PROTOCOL_ERROR } from './codes.ts';
import { HEAD_BYTES } from './frame.ts';

/** What a client says first (RFC 9113, 3.4). */
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
/** We announce no other (RFC 9113, 4.2). */
const LARGEST_FRAME = 16_384;

export type TakeFrame = (type: number, flags: number, stream: number, payload: Buffer) => void;

/** Cuts what comes into frames, after the preface. A payload is valid during the call. Throws what ends the connection. */
export class FrameReader {
  readonly #take: TakeFrame;
  /** As long as what is to come whole: the preface, a frame's head, or a frame. */
  #part = Buffer.alloc(PREFACE.length);
  #has = 0;
  #hasPreface = false;

  constructor(take: TakeFrame) {
    this.#take = take;
  }

  /** A frame, or the preface, has come in part. */
  get isWithin(): boolean {
    return this.#has > 0 || !this.#hasPreface;
  }

  /** As {@link isWithin}, of a frame other than DATA: what is sent with those has a time limit of its own. */
  get isWithinControl(): boolean {
    return this.#has > 0 && this.#hasPreface && (this.#has < HEAD_BYTES || this.#part[3] !== DATA);
  }

  read(chunk: Buffer): void {
    let at = 0;
    while (this.isWithin && at < chunk.length) at = this.#complete(chunk, at);
    while (chunk.length - at >= HEAD_BYTES) {
      const end = at + HEAD_BYTES + lengthOf(chunk, at);
      if (end > chunk.length) break;
      this.#give(chunk, at, end);
      at = end;
    }
    // A copy: what is left may be little of much.
    if (at < chunk.length) this.#keep(chunk.subarray(at));
  }

  /** Takes what still misses, and returns where the rest of the chunk begins. */
  #complete(chunk: Buffer, at: number): number {
    const count = chunk.copy(this.#part, this.#has, at);
    this.#has += count;
    const part = this.#part;
    if (!this.#hasPreface) {
      if (part.compare(PREFACE, 0, this.#has, 0, this.#has) !== 0) {
        throw new ConnectionError(PROTOCOL_ERROR, 'another preface');
      }
      if (this.#has === part.length) [this.#hasPreface, this.#has] = [true, 0];
    } else if (this.#has === part.length) {
      if (part.length === HEAD_BYTES && lengthOf(part, 0) > 0) this.#keep(part);
      else {
        this.#has = 0;
        this.#give(part, 0, part.length);
      }
    }
    return at + count;
  }

  /** Makes room for all of the frame these bytes begin. */
  #keep(bytes: Buffer): void {
    this.#part = Buffer.allocUnsafe(HEAD_BYTES + (bytes.length < HEAD_BYTES ? 0 : lengthOf(bytes, 0)));
    this.#has = bytes.copy(this.#part);
  }

  #give(bytes: Buffer, at: number, end: number): void {
    const stream = bytes.readUInt32BE(at + 5) & 0x7fffffff;
    this.#take(bytes[at + 3]!, bytes[at + 4]!, stream, bytes.subarray(at + HEAD_BYTES, end));
  }
}

/** Throws for a frame above the limit. */
function lengthOf(bytes: Buffer, at: number): number {
  const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  if (length > LARGEST_FRAME) throw new ConnectionError(FRAME_SIZE_ERROR, 'a frame above the limit');
  return length;
}
