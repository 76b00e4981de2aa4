/** A bucket that holds one second's worth: what is taken beyond the rate is refused until it has filled again. */
export class Rate {
  readonly #perSecond: number;
  #left: number;
  #filledAt = performance.now();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  /** False when there is not that much left. */
  take(amount = 1): boolean {
    this.#fill();
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }

  /** Takes it even when the bucket goes below empty; says how long to wait until it is no more, in ms. */
  borrow(amount: number): number {
    this.#fill();
    this.#left -= amount;
    return this.#left >= 0 ? 0 : (-this.#left / this.#perSecond) * 1000;
  }

  #fill(): void {
    const now = performance.now();
    this.#left = Math.min(this.#perSecond, this.#left + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
  }
}
