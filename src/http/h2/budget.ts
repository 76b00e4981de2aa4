/** What a far side may do that costs us more than it, at once and in a second (CVE-2023-44487, CVE-2019-9512 to 9518). */
const AT_ONCE = 1_000;
const PER_SECOND = 100;

/** Counts frames that bring nothing: resets, settings, pings, empty data, what is malformed. */
export class Budget {
  #left = AT_ONCE;
  #countedAt = 0;

  /** False when there have been too many. */
  take(): boolean {
    this.#left -= 1;
    if (this.#left > 0) return true;
    const now = performance.now();
    const earned = ((now - this.#countedAt) / 1_000) * PER_SECOND;
    this.#countedAt = now;
    this.#left = Math.min(AT_ONCE, earned);
    return this.#left >= 1;
  }
}
