/** Longest time publishers wait for one subscriber, in ms, and how much of it comes back for each ms that passes. */
const MOST_MS = 200;
const REFILL = 0.1;

/**
 * How long publishers wait for a subscriber whose socket is full, before it loses messages instead: through a burst, but
 * never for more than a tenth of the time, so that a slow one holds up nobody.
 */
export class Patience {
  #leftInMs = MOST_MS;
  #at = 0;
  #waiting:
    { readonly promise: Promise<void>; readonly resolve: () => void; readonly timer: NodeJS.Timeout } | undefined;

  /** What to wait for; undefined when patience is used up. */
  wait(): Promise<void> | undefined {
    if (this.#waiting !== undefined) return this.#waiting.promise;
    const now = performance.now();
    if (this.#at > 0) this.#leftInMs = Math.min(MOST_MS, this.#leftInMs + (now - this.#at) * REFILL);
    this.#at = now;
    if (this.#leftInMs < 1) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting = { promise, resolve, timer: setTimeout(() => this.end(), this.#leftInMs).unref() };
    return promise;
  }

  end(): void {
    if (this.#waiting === undefined) return;
    const now = performance.now();
    this.#leftInMs = Math.max(0, this.#leftInMs - (now - this.#at));
    this.#at = now;
    clearTimeout(this.#waiting.timer);
    this.#waiting.resolve();
    this.#waiting = undefined;
  }
}
