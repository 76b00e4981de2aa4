import { Duplex } from 'node:stream';
import type { DataChannel } from 'node-datachannel';
import { Fault } from '../../../fault.ts';
import { called } from './library.ts';

/** Largest message that is handed to the library at once, whatever the channel allows: others' turns come between. */
const MAX_PIECE_BYTES = 65_536;
/** Above this much on its way, writing waits; it goes on below the low mark. */
const HIGH_WATER_BYTES = 1_048_576;
const LOW_WATER_BYTES = 262_144;

/** A reliable, ordered data channel as a stream of bytes. The library cannot be told to stop reading: beyond `maxUnreadBytes` it ends. */
export class DataStream extends Duplex {
  readonly #channel: DataChannel;
  readonly #maxUnreadBytes: number;
  #resume: (() => void) | undefined;

  constructor(channel: DataChannel, maxUnreadBytes: number) {
    super({ allowHalfOpen: false, readableHighWaterMark: MAX_PIECE_BYTES, writableHighWaterMark: HIGH_WATER_BYTES });
    this.#channel = channel;
    this.#maxUnreadBytes = maxUnreadBytes;
    channel.setBufferedAmountLowThreshold(LOW_WATER_BYTES);
    channel.onBufferedAmountLow(called(() => this.#goOn()));
    channel.onMessage(called((message) => this.#take(message)));
    channel.onError(called((problem) => this.destroy(new Error(problem))));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#sendFrom(chunk, 0, done);
  }

  /** What was written together leaves together: each message of the channel has its price. */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#sendFrom(Buffer.concat(chunks.map(({ chunk }) => chunk)), 0, done);
  }

  /** What was written has left when the library holds none of it any more. */
  override _final(done: (error?: Error | null) => void): void {
    const look = (): void => {
      if (this.destroyed || !this.#channel.isOpen() || this.#channel.bufferedAmount() === 0) done();
      else this.#resume = look;
    };
    if (this.#channel.isOpen()) this.#channel.setBufferedAmountLowThreshold(0);
    look();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#resume = undefined;
    this.#channel.close();
    done(error);
  }

  #sendFrom(chunk: Buffer, start: number, done: (error?: Error | null) => void): void {
    try {
      let at = start;
      while (at < chunk.length) {
        if (this.#channel.bufferedAmount() > HIGH_WATER_BYTES) {
          this.#resume = () => this.#sendFrom(chunk, at, done);
          return;
        }
        const end = Math.min(chunk.length, at + MAX_PIECE_BYTES, at + this.#channel.maxMessageSize());
        this.#channel.sendMessageBinary(chunk.subarray(at, end));
        at = end;
      }
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  }

  #goOn(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  #take(message: string | Buffer | ArrayBuffer): void {
    if (this.destroyed) return;
    if (typeof message === 'string') this.destroy(new Error('it sent text'));
    else if (this.readableLength > this.#maxUnreadBytes)
      this.destroy(
        new Fault('MESSAGE_INVALID', { problem: `more than ${this.#maxUnreadBytes} bytes unread, with more to come` }),
      );
    else this.push(Buffer.isBuffer(message) ? message : Buffer.from(message));
  }
}
