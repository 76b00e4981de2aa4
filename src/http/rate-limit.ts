import { Fault } from '../fault.ts';

/** So many sources are remembered; the one that asked longest ago is forgotten first. */
const MAX_SOURCES = 10_000;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Lets each source ask so many times a second, and save up for one second. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  /** `now` is a clock in ms that never goes back. */
  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#now = now;
  }

  /** Why it may not ask now, or undefined. */
  problem(source: string): Fault | undefined {
    return this.take(source) ? undefined : new Fault('RATE_EXCEEDED', { source, perSecond: this.#perSecond });
  }

  /** True when it may ask now. */
  take(source: string): boolean {
    const now = this.#now();
    const bucket = this.#buckets.get(source) ?? { tokens: this.#perSecond, filledAt: now };
    bucket.tokens = Math.min(this.#perSecond, bucket.tokens + ((now - bucket.filledAt) / 1000) * this.#perSecond);
    bucket.filledAt = now;
    this.#buckets.delete(source);
    this.#buckets.set(source, bucket);
    const [oldest] = this.#buckets.size > MAX_SOURCES ? this.#buckets.keys() : [];
    if (oldest !== undefined) this.#buckets.delete(oldest);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
