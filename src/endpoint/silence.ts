/**
 * For how long a far side has said nothing. Time in which this process itself stood still does not count: what came
 * meanwhile has not been read yet.
 */
export class Silence {
  readonly #periodMs: number;
  #heardAt = performance.now();
  #lookedAt = performance.now();

  /** `periodMs` is the time between two looks. */
  constructor(periodMs: number) {
    this.#periodMs = periodMs;
  }

  hear(): void {
    this.#heardAt = performance.now();
  }

  /** In ms, by now. */
  look(): number {
    const now = performance.now();
    if (now - this.#lookedAt > this.#periodMs * 2) this.#heardAt = now;
    this.#lookedAt = now;
    return now - this.#heardAt;
  }
}
