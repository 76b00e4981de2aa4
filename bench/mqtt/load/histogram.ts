const PER_OCTAVE = 32;
const OCTAVES = 32;

/** Counts of durations in us, in buckets 2 % wide. */
export class Histogram {
  readonly #counts = new Float64Array(PER_OCTAVE * OCTAVES);
  #total = 0;
  #lastUs = -1;
  #lastBucket = 0;

  add(us: number): void {
    // Messages of one batch were sent and seen at the same times: the logarithm is taken once for all.
    if (us !== this.#lastUs) {
      this.#lastUs = us;
      this.#lastBucket = Math.min(this.#counts.length - 1, Math.round(Math.log2(Math.max(1, us)) * PER_OCTAVE));
    }
    this.#counts[this.#lastBucket]! += 1;
    this.#total += 1;
  }

  /** The duration that this share (0 to 1) of all stays below or at, in us; NaN when there is none. */
  quantile(share: number): number {
    if (this.#total === 0) return Number.NaN;
    let left = share * this.#total;
    for (const [bucket, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0 && count > 0) return 2 ** (bucket / PER_OCTAVE);
    }
    return 2 ** OCTAVES;
  }
}
