import { decodeFrame, FRAME_PREFIX_BYTES, MAX_HEADER_BYTES, type Decoded } from '../../endpoint/frame.ts';
import type { Message } from '../../endpoint/message.ts';

export const LENGTH_BYTES = 4;
/** A frame above our limit is skipped and refused by its id up to this size; above, the stream is given up. */
const MAX_SKIPPED_BYTES = 64 * 1024 * 1024;
/** Longest header that is remembered. */
const MAX_KNOWN_HEADER_BYTES = 512;
const DATA = 1;
const ACK = 2;

/** Cuts a byte stream into frames: each has its length before it, u32 big-endian. Holds one frame at most. */
export class FrameSplitter {
  readonly #maxPayloadBytes: number;
  readonly #maxFrameBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #neededBytes = LENGTH_BYTES;
  #skipBytes = 0;
  /** The header of the message before, and what it says: most messages have the same. */
  #header = Buffer.alloc(0);
  #said: Omit<Message, 'payload'> | undefined;

  constructor(maxPayloadBytes: number) {
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#maxFrameBytes = FRAME_PREFIX_BYTES + MAX_HEADER_BYTES + maxPayloadBytes;
  }

  /** Every frame that is whole now. After a malformed one there is nothing to make of the rest. */
  push(chunk: Buffer): Decoded[] {
    const frames: Decoded[] = [];
    let at = this.#skip(chunk, 0);
    // Only what completes the frame that is held is copied; the rest of the chunk stays where it is.
    while (this.#heldBytes > 0 && at < chunk.length) {
      const end = Math.min(chunk.length, at + this.#neededBytes - this.#heldBytes);
      this.#held.push(chunk.subarray(at, end));
      this.#heldBytes += end - at;
      if (this.#heldBytes < this.#neededBytes) return frames;
      const bytes = Buffer.concat(this.#held, this.#heldBytes);
      this.#held = [];
      this.#heldBytes = 0;
      this.#cut(bytes, 0, frames);
      at = this.#skip(chunk, end);
    }
    if (at < chunk.length) this.#cut(chunk, at, frames);
    return frames;
  }

  /** Where what has to be skipped ends. */
  #skip(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.#skipBytes, chunk.length - at);
    this.#skipBytes -= skipped;
    return at + skipped;
  }

  /** Takes the frames from there on, and holds the beginning of one that is not whole. */
  #cut(bytes: Buffer, from: number, frames: Decoded[]): void {
    let at = from;
    this.#neededBytes = LENGTH_BYTES;
    while (bytes.length - at >= LENGTH_BYTES) {
      const frameBytes = bytes.readUInt32BE(at);
      const start = at + LENGTH_BYTES;
      const end = start + frameBytes;
      if (frameBytes <= this.#maxFrameBytes) {
        if (end > bytes.length) {
          this.#neededBytes = end - at;
          break;
        }
        frames.push(this.#decode(bytes, start, end));
        at = end;
      } else if (frameBytes > MAX_SKIPPED_BYTES) {
        frames.push({ type: 'malformed', problem: `a frame of ${frameBytes} bytes` });
        return;
      } else {
        // Its id stands in the first bytes: enough to refuse it without ever holding it.
        if (bytes.length - start < FRAME_PREFIX_BYTES) {
          this.#neededBytes = LENGTH_BYTES + FRAME_PREFIX_BYTES;
          break;
        }
        frames.push({ type: 'oversize', id: bytes.readUInt32BE(start + 1), sizeBytes: frameBytes });
        this.#skipBytes = Math.max(0, end - bytes.length);
        at = Math.min(end, bytes.length);
      }
    }
    if (at === bytes.length) return;
    this.#held = [bytes.subarray(at)];
    this.#heldBytes = bytes.length - at;
  }

  /** The two frames there are most of are read here, everything else with all checks. */
  #decode(bytes: Buffer, start: number, end: number): Decoded {
    const type = bytes[start];
    const headerStart = start + FRAME_PREFIX_BYTES;
    if (type === ACK && end === headerStart && bytes.readUInt16BE(start + 5) === 0) {
      return { type: 'ack', id: bytes.readUInt32BE(start + 1) };
    }
    if (type === DATA && this.#said !== undefined && end - start >= FRAME_PREFIX_BYTES) {
      const headerEnd = headerStart + this.#header.length;
      const isKnown =
        bytes.readUInt16BE(start + 5) === this.#header.length &&
        headerEnd <= end &&
        end - headerEnd <= this.#maxPayloadBytes &&
        this.#header.compare(bytes, headerStart, headerEnd) === 0;
      if (isKnown) {
        const payload = bytes.subarray(headerEnd, end);
        return { type: 'data', id: bytes.readUInt32BE(start + 1), message: { ...this.#said, payload } };
      }
    }
    const frame = decodeFrame(bytes.subarray(start, end), this.#maxPayloadBytes);
    if (frame.type === 'data') this.#remember(bytes, headerStart, frame.message);
    return frame;
  }

  #remember(bytes: Buffer, headerStart: number, { payload: _payload, ...said }: Message): void {
    const headerBytes = bytes.readUInt16BE(headerStart - 2);
    this.#said = undefined;
    if (headerBytes > MAX_KNOWN_HEADER_BYTES) return;
    this.#header = Buffer.from(bytes.subarray(headerStart, headerStart + headerBytes));
    this.#said = said;
  }
}
