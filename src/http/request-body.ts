import { Readable } from 'node:stream';
import { kept } from './body-taker.ts';

/** The bytes of a request as a stream. Its connection is told how many have been read, and lets the far side send more. */
export class RequestBody extends Readable {
  aborted = false;
  readonly #onRead: (bytes: number) => void;
  #unread = 0;

  constructor(onRead: (bytes: number) => void) {
    super();
    this.#onRead = onRead;
    // What breaks is heard by whoever answers; a body nobody reads must not end the process.
    this.on('error', () => undefined);
  }

  arrive(part: Buffer): void {
    this.#unread += part.length;
    if (this.push(kept(part))) this.#tell();
  }

  abort(): void {
    this.aborted = true;
    this.destroy();
  }

  override _read(): void {
    this.#tell();
  }

  #tell(): void {
    const bytes = this.#unread;
    this.#unread = 0;
    if (bytes > 0) this.#onRead(bytes);
  }
}
