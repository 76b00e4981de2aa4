import { Fault } from '../fault.ts';
import type { Exchange } from './exchange.ts';
import type { RouteLimits } from './route.ts';

/** Deadlines are looked at this often: a timer for each request would cost more than a small answer. */
const SWEEP_MS = 250;

type Times = Pick<RouteLimits, 'bodyTimeoutMs' | 'answerTimeoutMs'>;

/** A request that is read or worked on. */
export interface Work {
  readonly times: Times;
  isReading: boolean;
  /** Sweep at which its time is over. */
  until: number;
}

/** The requests of a site that wait for their answer, each with its deadline. */
export class OpenRequests {
  readonly #work = new Map<Exchange, Work>();
  readonly #times: Times;
  readonly #onLate: (exchange: Exchange, fault: Fault) => void;
  readonly #sweeper: NodeJS.Timeout;
  #sweep = 0;

  /** `times` are those of routes that have none of their own. */
  constructor(times: Times, onLate: (exchange: Exchange, fault: Fault) => void) {
    this.#times = times;
    this.#onLate = onLate;
    this.#sweeper = setInterval(() => this.#sweepAll(), SWEEP_MS);
  }

  get size(): number {
    return this.#work.size;
  }

  begin(exchange: Exchange, { bodyTimeoutMs, answerTimeoutMs }: Times): Work {
    const times = {
      bodyTimeoutMs: bodyTimeoutMs || this.#times.bodyTimeoutMs,
      answerTimeoutMs: answerTimeoutMs || this.#times.answerTimeoutMs,
    };
    const work: Work = { times, isReading: false, until: 0 };
    this.waitFor(work, 'answer');
    this.#work.set(exchange, work);
    return work;
  }

  /** Its time begins again. */
  waitFor(work: Work, what: 'body' | 'answer'): void {
    const { bodyTimeoutMs, answerTimeoutMs } = work.times;
    work.isReading = what === 'body';
    work.until = this.#sweep + Math.ceil((work.isReading ? bodyTimeoutMs : answerTimeoutMs) / SWEEP_MS) + 1;
  }

  end(exchange: Exchange): void {
    this.#work.delete(exchange);
  }

  /** Far sides that have gone do not wait any more. */
  forgetOver(): void {
    for (const exchange of this.#work.keys()) if (exchange.isOver) this.#work.delete(exchange);
  }

  /** Stops looking, and gives those that still wait. */
  close(): readonly Exchange[] {
    clearInterval(this.#sweeper);
    const left = [...this.#work.keys()];
    this.#work.clear();
    return left;
  }

  #sweepAll(): void {
    this.#sweep += 1;
    this.forgetOver();
    for (const [exchange, { isReading, until, times }] of this.#work) {
      if (until > this.#sweep) continue;
      const { answerTimeoutMs, bodyTimeoutMs } = times;
      const late = isReading
        ? new Fault('BODY_TOO_SLOW', { afterMs: bodyTimeoutMs })
        : new Fault('RESPONSE_MISSING', { path: exchange.target, afterMs: answerTimeoutMs });
      this.#onLate(exchange, late);
    }
  }
}
