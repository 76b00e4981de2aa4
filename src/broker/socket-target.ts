import type { Duplex } from 'node:stream';
import type { WriteTarget } from '../wire/mqtt/index.ts';
import type { Counters } from './counters.ts';

/** A chunk may keep a buffer of so many times its size alive. */
const MOST_HELD = 4;

/**
 * A socket as packets are written to it. What a full socket has to keep is copied to its size where the pooled buffers it
 * comes in are far larger: they would be held for as long as the client does not read.
 */
export class SocketTarget implements WriteTarget {
  readonly #socket: Duplex;
  readonly #counters: Counters;
  #corked = false;
  #behind = false;

  constructor(socket: Duplex, counters: Counters) {
    this.#socket = socket;
    this.#counters = counters;
  }

  cork(): void {
    this.#behind = this.#socket.writableLength > 0;
    this.#corked = true;
    this.#socket.cork();
  }

  uncork(): void {
    this.#corked = false;
    this.#socket.uncork();
  }

  write(chunk: Uint8Array, done?: () => void): void {
    this.#counters.bytesSent += chunk.length;
    if (this.#socket.destroyed || this.#socket.writableEnded) done?.();
    else if (!this.#isBehind || chunk.byteLength * MOST_HELD >= chunk.buffer.byteLength)
      this.#socket.write(chunk, done);
    else {
      this.#socket.write(Buffer.from(chunk));
      done?.();
    }
  }

  get #isBehind(): boolean {
    return this.#corked ? this.#behind : this.#socket.writableLength > 0;
  }
}
