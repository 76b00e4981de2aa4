/** Longest time publishers wait for one subscriber, in ms, and how much of it comes back for each ms that passes. */
const MOST_MS = 200;
const REFILL = 0.1;

/**
 * How long publishers wait for a subscriber whose socket is full, before it loses messages instead: through a burst, but
 * never for more than a tenth of the time, and no more for one that did not catch up, until it has.
 */
export class Patience {
  #leftInMs = MOST_MS;
  #at = 0;
  #gaveUp = false;
  #waiting:
    { readonly promise: Promise<void>; readonly resolve: () => void; readonly timer: NodeJS.Timeout } | undefined;

  /** What to wait for; undefined when patience is used up. */
  wait(): Promise<void> | undefined {
    if (this.#waiting !== undefined) return this.#waiting.promise;
    if (this.#gaveUp) return undefined;
    const now = performance.now();
    if (this.#at > 0) this.#leftInMs = Math.min(MOST_MS, this.#leftInMs + (now - this.#at) * REFILL);
    this.#at = now;
    if (this.#leftInMs < 1) {
      this.#gaveUp = true;
      return undefined;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#gaveUp = true;
      this.#over();
    }, this.#leftInMs).unref();
    this.#waiting = { promise, resolve, timer };
    return promise;
  }

  /** The subscriber has caught up, or is gone. */
  end(): void {
    this.#gaveUp = false;
    this.#over();
  }

  #over(): void {
    if (this.#waiting === undefined) return;
    const now = performance.now();
    this.#leftInMs = Math.max(0, this.#leftInMs - (now - this.#at));
    this.#at = now;
    clearTimeout(this.#waiting.timer);
    this.#waiting.resolve();
    this.#waiting = undefined;
  }
}
