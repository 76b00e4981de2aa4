/** Counts failures within a sliding window. */
export class AttemptLimit {
  readonly #most: number;
  readonly #withinMs: number;
  #failedAt: number[] = [];

  constructor(most: number, withinMs: number) {
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** Notes one failure; true when it is one too many. */
  failed(now = performance.now()): boolean {
    this.#failedAt = this.#failedAt.filter((at) => at > now - this.#withinMs);
    if (this.#failedAt.length >= this.#most) return true;
    this.#failedAt.push(now);
    return false;
  }
}
