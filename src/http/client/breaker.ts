import { Fault } from '../../fault.ts';

export interface BreakerSettings {
  /** Failures in a row that open it; 0: it never opens. */
  readonly breakerFailures: number;
  readonly breakerFirstMs: number;
  readonly breakerLongestMs: number;
}

/** `closed` lets all through, `open` nobody, `trying` one, whose fate decides. */
export type BreakerState =
  | { readonly name: 'closed' }
  | { readonly name: 'open'; readonly until: number; readonly cause: Error }
  | { readonly name: 'trying'; readonly cause: Error };

/** Leaves a far side alone that fails again and again: for a time that doubles, with jitter, until a try succeeds. */
export class Breaker {
  readonly #origin: string;
  readonly #settings: BreakerSettings;
  readonly #onChange: () => void;
  #state: BreakerState = { name: 'closed' };
  #failures = 0;
  #pauseMs: number;

  constructor(origin: string, settings: BreakerSettings, onChange: () => void) {
    this.#origin = origin;
    this.#settings = settings;
    this.#onChange = onChange;
    this.#pauseMs = settings.breakerFirstMs;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Why nobody is let through now. */
  refusal(): Fault | undefined {
    if (this.#state.name === 'closed') return undefined;
    const waitMs = this.#state.name === 'open' ? this.#state.until - performance.now() : 0;
    if (this.#state.name === 'open' && waitMs <= 0) return undefined;
    const retryInMs = Math.ceil(waitMs);
    return new Fault('CIRCUIT_OPEN', { origin: this.#origin, retryInMs }, { cause: this.#state.cause });
  }

  /** Throws CIRCUIT_OPEN. Whoever is let through says what became of it: {@link succeed}, {@link fail} or {@link abandon}. */
  admit(): void {
    const refusal = this.refusal();
    if (refusal !== undefined) throw refusal;
    if (this.#state.name === 'open') this.#enter({ name: 'trying', cause: this.#state.cause });
  }

  succeed(): void {
    this.#failures = 0;
    if (this.#state.name === 'closed') return;
    this.#pauseMs = this.#settings.breakerFirstMs;
    this.#enter({ name: 'closed' });
  }

  fail(cause: Error): void {
    this.#failures += 1;
    const { breakerFailures, breakerLongestMs } = this.#settings;
    const opens = this.#state.name === 'trying' || (this.#state.name === 'closed' && this.#failures >= breakerFailures);
    if (breakerFailures === 0 || !opens) return;
    const waitMs = this.#pauseMs * (0.5 + Math.random() / 2);
    this.#pauseMs = Math.min(this.#pauseMs * 2, breakerLongestMs);
    this.#enter({ name: 'open', until: performance.now() + waitMs, cause });
  }

  /** Nobody will know what would have become of it: the next one tries. */
  abandon(): void {
    if (this.#state.name === 'trying') this.#enter({ name: 'open', until: 0, cause: this.#state.cause });
  }

  #enter(state: BreakerState): void {
    this.#state = state;
    this.#onChange();
  }
}
