import { readChunks, type Reading } from './body.ts';

/** A body that is read chunk by chunk, or given up: also before anybody has begun to read it, which a generator would not notice. */
export class StreamedBody implements AsyncIterableIterator<Buffer, undefined> {
  readonly #reading: Reading;
  readonly #faultOf: (error: unknown) => unknown;
  readonly #onOver: () => void;
  #chunks: AsyncGenerator<Buffer, undefined> | undefined;
  #over = false;

  constructor(reading: Reading, faultOf: (error: unknown) => unknown, onOver: () => void) {
    this.#reading = reading;
    this.#faultOf = faultOf;
    this.#onOver = onOver;
  }

  /** Rejects with what ended it early. */
  async next(): Promise<IteratorResult<Buffer, undefined>> {
    if (this.#over) return { done: true, value: undefined };
    this.#chunks ??= readChunks(this.#reading);
    try {
      const result = await this.#chunks.next();
      if (result.done === true) this.#end();
      return result;
    } catch (error) {
      this.#end();
      throw this.#faultOf(error);
    }
  }

  async return(): Promise<IteratorResult<Buffer, undefined>> {
    if (!this.#over) {
      this.#reading.head.discard();
      this.#end();
    }
    await this.#chunks?.return(undefined);
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    this.#over = true;
    this.#onOver();
  }
}
