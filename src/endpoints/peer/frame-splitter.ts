import { decodeFrame, FRAME_PREFIX_BYTES, MAX_HEADER_BYTES, type Decoded } from '../../endpoint/frame.ts';
import type { ReceivedMessage } from '../../endpoint/message.ts';
import { PiledBytes } from '../../wire/piled-bytes.ts';
import { KnownHeader } from './known-header.ts';

export const LENGTH_BYTES = 4;
/** A frame above our limit is skipped and refused by its id up to this size; above, the stream is given up. */
const MAX_SKIPPED_BYTES = 64 * 1024 * 1024;
const DATA = 1;
const ACK = 2;

/** Takes what comes in. The two kinds there are most of come without an object around them. */
export interface FrameTaker {
  data(id: number, message: ReceivedMessage): void;
  ack(id: number): void;
  other(frame: Exclude<Decoded, { type: 'data' | 'ack' }>): void;
}

/** Cuts a byte stream into frames: each has its length before it, u32 big-endian. Holds one frame at most. */
export class FrameSplitter {
  readonly #maxPayloadBytes: number;
  readonly #maxFrameBytes: number;
  readonly #taker: FrameTaker;
  readonly #known: KnownHeader;
  /** The beginning of a frame that is not whole. */
  readonly #held = new PiledBytes();
  #neededBytes = LENGTH_BYTES;
  #skipBytes = 0;
  #stopped = false;

  /** `from` is who the messages come from. */
  constructor(maxPayloadBytes: number, from: string, taker: FrameTaker) {
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#maxFrameBytes = FRAME_PREFIX_BYTES + MAX_HEADER_BYTES + maxPayloadBytes;
    this.#taker = taker;
    this.#known = new KnownHeader(from);
  }

  /** Gives every frame that is whole now. After a malformed one there is nothing to make of the rest. */
  push(chunk: Buffer): void {
    let at = this.#skip(chunk, 0);
    // Only what completes the frame that is held is copied; the rest of the chunk stays where it is.
    while (this.#held.length > 0 && at < chunk.length) {
      const end = Math.min(chunk.length, at + this.#neededBytes - this.#held.length);
      this.#hold(chunk.subarray(at, end));
      if (this.#held.length < this.#neededBytes) return;
      this.#cut(this.#held.take(), 0);
      at = this.#skip(chunk, end);
    }
    if (at < chunk.length) this.#cut(chunk, at);
  }

  /** Nothing more is given: the far side is sent away. */
  stop(): void {
    this.#stopped = true;
  }

  /** Where what has to be skipped ends. */
  #skip(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.#skipBytes, chunk.length - at);
    this.#skipBytes -= skipped;
    return at + skipped;
  }

  /** Takes the frames from there on, and holds the beginning of one that is not whole. */
  #cut(bytes: Buffer, from: number): void {
    let at = from;
    this.#neededBytes = LENGTH_BYTES;
    while (bytes.length - at >= LENGTH_BYTES && !this.#stopped) {
      const frameBytes = bytes.readUInt32BE(at);
      const start = at + LENGTH_BYTES;
      const end = start + frameBytes;
      if (frameBytes <= this.#maxFrameBytes) {
        if (end > bytes.length) {
          this.#neededBytes = end - at;
          break;
        }
        this.#give(bytes, start, end);
        at = end;
      } else if (frameBytes > MAX_SKIPPED_BYTES) {
        this.#malformed(`a frame of ${frameBytes} bytes`);
      } else {
        // Its id stands in the first bytes: enough to refuse it without ever holding it.
        if (bytes.length - start < FRAME_PREFIX_BYTES) {
          this.#neededBytes = LENGTH_BYTES + FRAME_PREFIX_BYTES;
          break;
        }
        this.#taker.other({ type: 'oversize', id: bytes.readUInt32BE(start + 1), sizeBytes: frameBytes });
        this.#skipBytes = Math.max(0, end - bytes.length);
        at = Math.min(end, bytes.length);
      }
    }
    if (at === bytes.length || this.#stopped) return;
    this.#hold(bytes.subarray(at));
  }

  #hold(piece: Buffer): void {
    this.#held.add(piece, Math.max(0, this.#neededBytes - this.#held.length - piece.length));
  }

  /** Acknowledgements, and data with the header of the message before, are read here; everything else with all checks. */
  #give(bytes: Buffer, start: number, end: number): void {
    const type = bytes[start];
    const headerStart = start + FRAME_PREFIX_BYTES;
    if (type === ACK && end === headerStart && bytes[start + 5] === 0 && bytes[start + 6] === 0) {
      this.#taker.ack(bytes.readUInt32BE(start + 1));
      return;
    }
    if (type === DATA && end - start >= FRAME_PREFIX_BYTES) {
      const headerEnd = this.#known.endIn(bytes, headerStart, end);
      if (headerEnd !== undefined && end - headerEnd <= this.#maxPayloadBytes) {
        this.#taker.data(bytes.readUInt32BE(start + 1), this.#known.message(bytes.subarray(headerEnd, end)));
        return;
      }
    }
    this.#giveDecoded(bytes, start, end);
  }

  #giveDecoded(bytes: Buffer, start: number, end: number): void {
    const frame = decodeFrame(bytes.subarray(start, end), this.#maxPayloadBytes);
    if (frame.type === 'data') {
      const headerStart = start + FRAME_PREFIX_BYTES;
      const { payload, ...said } = frame.message;
      this.#known.learn(bytes.subarray(headerStart, headerStart + bytes.readUInt16BE(headerStart - 2)), said);
      this.#taker.data(frame.id, { ...said, payload, from: this.#known.from });
    } else if (frame.type === 'ack') this.#taker.ack(frame.id);
    else if (frame.type === 'malformed') this.#malformed(frame.problem);
    else this.#taker.other(frame);
  }

  #malformed(problem: string): void {
    this.#stopped = true;
    this.#taker.other({ type: 'malformed', problem });
  }
}
