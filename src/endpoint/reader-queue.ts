import type { ReadOptions, Source } from './endpoint.ts';
import type { ReceivedMessage } from './message.ts';

const DEFAULT_HIGH_WATER_MARK = 64;
const taken = Promise.resolve();

/**
 * Gives every message to each of its readers. A reader that lags makes the one who pushes wait, and nobody else lose
 * anything. With no reader a message goes nowhere, like a publication without subscribers.
 */
export class Readers implements Source {
  #readers = new Set<Reader>();
  #closed = false;

  get count(): number {
    return this.#readers.size;
  }

  /** Resolves when no reader holds more unread messages than its high-water mark. Never rejects. */
  push(message: ReceivedMessage): Promise<void> {
    return this.offer(message) ?? taken;
  }

  /** As {@link push}, without a promise while there is room. */
  offer(message: ReceivedMessage): Promise<void> | undefined {
    let full: Promise<void>[] | undefined;
    for (const reader of this.#readers) {
      const room = reader.push(message);
      if (room !== undefined) (full ??= []).push(room);
    }
    if (full === undefined) return undefined;
    return full.length === 1 ? full[0]! : Promise.all(full).then(() => undefined);
  }

  /** A reader of its own: gets what is pushed from now on, and ends with the signal, `return()` or {@link close}. */
  receive(options: ReadOptions = {}): AsyncIterableIterator<ReceivedMessage> {
    const reader = new Reader(options, () => this.#readers.delete(reader));
    if (this.#closed) reader.finish();
    else if (!reader.ended) this.#readers.add(reader);
    return reader;
  }

  /** Ends every reader once it has read what is already there, and lets those who wait to push go on. */
  close(): void {
    this.#closed = true;
    for (const reader of this.#readers) reader.finish();
    this.#readers.clear();
  }
}

type Next = IteratorResult<ReceivedMessage, undefined>;

class Reader implements AsyncIterableIterator<ReceivedMessage> {
  #unread: ReceivedMessage[] = [];
  #waiting: ((next: Next) => void)[] = [];
  #room: (() => void)[] = [];
  #finished = false;
  readonly #highWaterMark: number;
  readonly #leave: () => void;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#end();

  constructor({ signal, highWaterMark = DEFAULT_HIGH_WATER_MARK }: ReadOptions, leave: () => void) {
    this.#highWaterMark = highWaterMark;
    this.#leave = leave;
    this.#signal = signal;
    if (signal?.aborted) this.#finished = true;
    else signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get ended(): boolean {
    return this.#finished;
  }

  /** What to wait for before the next push, if there is no room. */
  push(message: ReceivedMessage): Promise<void> | undefined {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next({ done: false, value: message });
      return undefined;
    }
    this.#unread.push(message);
    if (this.#unread.length <= this.#highWaterMark) return undefined;
    return new Promise((resolve) => this.#room.push(resolve));
  }

  /** No more is coming; what is unread can still be read. */
  finish(): void {
    this.#finished = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#letPushersGo();
    for (const next of this.#waiting.splice(0)) next({ done: true, value: undefined });
  }

  next(): Promise<Next> {
    const message = this.#unread.shift();
    if (message !== undefined) {
      if (this.#unread.length <= this.#highWaterMark) this.#letPushersGo();
      return Promise.resolve({ done: false, value: message });
    }
    if (this.#finished) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<Next> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    this.#unread = [];
    this.#leave();
    this.finish();
  }

  #letPushersGo(): void {
    for (const resolve of this.#room.splice(0)) resolve();
  }
}
