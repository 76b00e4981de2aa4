const nothing = Buffer.alloc(0);
const LEAST_BYTES = 1024;
/** What is made for bytes that were announced and have not come. */
const MOST_AHEAD_BYTES = 65_536;

/** Bytes that come in pieces, in one buffer that grows: many small pieces take no more room than what is in them, twice, and what is announced is believed in small parts. */
export class PiledBytes {
  #bytes: Buffer = nothing;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Takes a copy. So many bytes are announced to follow. */
  add(piece: Uint8Array, following: number): void {
    const wanted = this.#length + piece.length;
    if (wanted > this.#bytes.length) {
      const ahead = wanted + Math.min(following, MOST_AHEAD_BYTES);
      const least = this.#length === 0 ? 0 : Math.max(LEAST_BYTES, this.#bytes.length * 2);
      const larger = Buffer.allocUnsafeSlow(Math.max(ahead, least));
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
