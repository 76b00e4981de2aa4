const nothing = Buffer.alloc(0);
const LEAST_BYTES = 1024;

/** Bytes that come in pieces, in one buffer that grows: many small pieces take no more room than what is in them, twice. */
export class PiledBytes {
  #bytes: Buffer = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Takes a copy. */
  add(piece: Uint8Array): void {
    const wanted = this.#length + piece.length;
    if (wanted > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(wanted, this.#bytes.length * 2, LEAST_BYTES));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = wanted;
  }

  /** Gives all of it away and begins anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = nothing;
    this.#length = 0;
    return taken;
  }
}
