import type { Writable } from 'node:stream';
import { encodeFrame, type Frame } from '../../endpoint/frame.ts';
import { LENGTH_BYTES } from './frame-splitter.ts';

/** Writes frames, each with its length before it. All of a turn leave in one write: one TLS record, one system call. */
export class FrameWriter {
  readonly #stream: Writable;
  #outgoing: Buffer[] = [];

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** Throws MESSAGE_INVALID when topic and properties are too long; then nothing is written. */
  write(frame: Frame): void {
    const bytes = encodeFrame(frame);
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32BE(bytes.length);
    const firstOfTurn = this.#outgoing.length === 0;
    this.#outgoing.push(length, bytes);
    if (firstOfTurn) process.nextTick(() => this.flush());
  }

  flush(): void {
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    if (outgoing.length > 0 && this.#stream.writable) this.#stream.write(Buffer.concat(outgoing));
  }
}
