import type { Readable } from 'node:stream';

/** Memory a message takes beside its payload, roughly. */
const BYTES_PER_MESSAGE = 512;

/** What readers were given and have not taken yet. Beyond its limit the stream it came by is not read on. */
export class Untaken {
  readonly #stream: Readable;
  readonly #maxBytes: number;
  #bytes = 0;

  /** As much as `maxInFlight` messages of `maxPayloadBytes`. */
  constructor(stream: Readable, maxInFlight: number, maxPayloadBytes: number) {
    this.#stream = stream;
    this.#maxBytes = maxInFlight * (maxPayloadBytes + BYTES_PER_MESSAGE);
  }

  get isFull(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  /** `taken` is a promise that never rejects; `then` is called with it. */
  hold(payloadBytes: number, taken: Promise<void>, then: () => void): void {
    const bytes = payloadBytes + BYTES_PER_MESSAGE;
    this.#bytes += bytes;
    if (this.isFull) this.#stream.pause();
    void taken.then(() => {
      this.#bytes -= bytes;
      then();
      if (this.#stream.isPaused() && !this.isFull) this.#stream.resume();
    });
  }
}
