import { Readable } from 'node:stream';
import { PiledBytes } from '../wire/piled-bytes.ts';
import { COPIED_BYTES } from './body-taker.ts';

/** The bytes of a request as a stream. Its connection is told how many have been read, and lets the far side send more. */
export class RequestBody extends Readable {
  aborted = false;
  readonly #onRead: (bytes: number) => void;
  /** Small parts that nobody has asked for: each for itself would take a hundred times its size. */
  readonly #pile = new PiledBytes();
  #isAsked = false;
  #unread = 0;

  constructor(onRead: (bytes: number) => void) {
    super();
    this.#onRead = onRead;
    // What breaks is heard by whoever answers; a body nobody reads must not end the process.
    this.on('error', () => undefined);
  }

  arrive(part: Buffer): void {
    this.#unread += part.length;
    if (part.length < COPIED_BYTES) {
      this.#pile.add(part, 0);
      if (this.#isAsked) this.#give();
    } else {
      if (this.#pile.length > 0) this.#give();
      this.#isAsked = false;
      if (this.push(part)) this.#tell();
    }
  }

  /** It is whole. */
  end(): void {
    if (this.#pile.length > 0) this.#give();
    this.push(null);
  }

  abort(): void {
    this.aborted = true;
    this.destroy();
  }

  override _read(): void {
    if (this.#pile.length > 0) this.#give();
    else this.#isAsked = true;
    this.#tell();
  }

  #give(): void {
    this.#isAsked = false;
    if (this.push(this.#pile.take())) this.#tell();
  }

  #tell(): void {
    const bytes = this.#unread;
    this.#unread = 0;
    if (bytes > 0) this.#onRead(bytes);
  }
}
