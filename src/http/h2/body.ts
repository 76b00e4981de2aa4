import { Readable } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http2';

/** Parts below this are copied: a view of them would keep all that was read with them. */
const COPIED_BYTES = 8_192;

/** The bytes of a request. The far side may send more once they have been read (RFC 9113, 5.2). */
export class Body extends Readable {
  trailers: IncomingHttpHeaders = {};
  aborted = false;
  readonly #credit: (bytes: number) => void;
  #owed = 0;

  constructor(credit: (bytes: number) => void) {
    super();
    this.#credit = credit;
    // What breaks is heard by whoever answers; a body nobody reads must not end the process.
    this.on('error', () => undefined);
  }

  arrive(chunk: Buffer): void {
    this.#owed += chunk.length;
    if (this.push(chunk.length < COPIED_BYTES ? Buffer.from(chunk) : chunk)) this.#pay();
  }

  abort(): void {
    this.aborted = true;
    this.destroy();
  }

  override _read(): void {
    this.#pay();
  }

  #pay(): void {
    const bytes = this.#owed;
    this.#owed = 0;
    if (bytes > 0) this.#credit(bytes);
  }
}
