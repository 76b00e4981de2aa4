import type { Writable } from 'node:stream';
import { encodeFrame, FRAME_PREFIX_BYTES, type Frame } from '../../endpoint/frame.ts';
import type { Message } from '../../endpoint/message.ts';
import { LENGTH_BYTES } from './frame-splitter.ts';

/** A slab begins small, for the many links that say little, and doubles while it is not enough for a turn. */
const FIRST_SLAB_BYTES = 4_096;
const LARGEST_SLAB_BYTES = 131_072;
/** From here on a payload is handed over as it is: copying it costs more than one write more. */
const OWN_PART_BYTES = 4_096;
const DATA = 1;
const ACK = 2;
const PREFIX_BYTES = LENGTH_BYTES + FRAME_PREFIX_BYTES;

/** Writes frames, each with its length before it. All of a turn leave together: one TLS record, one system call. */
export class FrameWriter {
  readonly #stream: Writable;
  #slab = Buffer.allocUnsafe(0);
  #start = 0;
  #end = 0;
  #parts: Uint8Array[] = [];
  #scheduled = false;
  #writing = 0;
  /** The stream holds nothing of the slab any more: it can be filled again from its beginning. */
  readonly #written = (): void => {
    this.#writing -= 1;
    if (this.#writing > 0 || this.#start !== this.#end || this.#parts.length > 0) return;
    this.#start = 0;
    this.#end = 0;
  };
  #topic: string | undefined;
  #header: Buffer = Buffer.alloc(0);

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Throws MESSAGE_INVALID when topic and properties are too long; then nothing is written. */
  write(frame: Frame): void {
    const bytes = encodeFrame(frame);
    const at = this.#reserve(LENGTH_BYTES + bytes.length);
    this.#slab.writeUInt32BE(bytes.length, at);
    this.#slab.set(bytes, at + LENGTH_BYTES);
  }

  writeAck(id: number): void {
    const at = this.#reserve(PREFIX_BYTES);
    this.#prefix(at, FRAME_PREFIX_BYTES, ACK, id, 0);
  }

  /** As {@link write}; quick for one topic after another that is the same, and no copy of a large payload. */
  writeData(id: number, message: Message): void {
    const { topic, payload, contentType, properties } = message;
    if (contentType !== undefined || properties !== undefined) {
      this.write({ type: 'data', id, message });
      return;
    }
    if (topic !== this.#topic) {
      const frame = encodeFrame({ type: 'data', id, message: { topic, payload: new Uint8Array(0) } });
      this.#header = frame.subarray(FRAME_PREFIX_BYTES);
      this.#topic = topic;
    }
    const header = this.#header;
    const { byteLength } = payload;
    const isApart = byteLength >= OWN_PART_BYTES;
    const at = this.#reserve(PREFIX_BYTES + header.length + (isApart ? 0 : byteLength));
    this.#prefix(at, FRAME_PREFIX_BYTES + header.length + byteLength, DATA, id, header.length);
    this.#slab.set(header, at + PREFIX_BYTES);
    if (isApart) {
      this.#cut();
      this.#parts.push(payload);
    } else this.#slab.set(payload, at + PREFIX_BYTES + header.length);
  }

  flush(): void {
    this.#scheduled = false;
    this.#cut();
    const parts = this.#parts;
    if (parts.length === 0) return;
    this.#parts = [];
    if (!this.#stream.writable) return;
    this.#writing += 1;
    if (parts.length > 1) this.#stream.cork();
    const last = parts.pop();
    for (const part of parts) this.#stream.write(part);
    this.#stream.write(last, this.#written);
    if (parts.length > 0) this.#stream.uncork();
  }

  #prefix(at: number, frameBytes: number, type: number, id: number, headerBytes: number): void {
    const slab = this.#slab;
    slab.writeUInt32BE(frameBytes, at);
    slab[at + LENGTH_BYTES] = type;
    slab.writeUInt32BE(id, at + LENGTH_BYTES + 1);
    slab.writeUInt16BE(headerBytes, at + LENGTH_BYTES + 5);
  }

  /** Room in the slab. What was written there before is never written over: the stream may still hold it. */
  #reserve(bytes: number): number {
    if (!this.#scheduled) {
      this.#scheduled = true;
      process.nextTick(() => this.flush());
    }
    if (this.#slab.length - this.#end < bytes) {
      this.#cut();
      const wanted = Math.min(LARGEST_SLAB_BYTES, Math.max(FIRST_SLAB_BYTES, 2 * this.#slab.length));
      this.#slab = Buffer.allocUnsafeSlow(Math.max(wanted, bytes));
      this.#start = 0;
      this.#end = 0;
    }
    const at = this.#end;
    this.#end += bytes;
    return at;
  }

  /** What is in the slab and not yet a part becomes one. */
  #cut(): void {
    if (this.#end > this.#start) this.#parts.push(this.#slab.subarray(this.#start, this.#end));
    this.#start = this.#end;
  }
}
