import { Fault } from '../fault.ts';
import type { Exchange } from './exchange.ts';
import { IntMap } from '../int-map.ts';
import { mayTakeMs } from './body-time.ts';
import type { RouteLimits } from './route.ts';

/** Deadlines are looked at this often: a timer for each request would cost more than a small answer. */
const SWEEP_MS = 250;

/** Numbers begin anew long after those of the first have ended. */
const MOST_NUMBERS = 2 ** 31 - 1;

type Times = Pick<RouteLimits, 'bodyTimeoutMs' | 'answerTimeoutMs'>;

export type SiteTimes = Times & {
  /** For each so many bytes of a body it may take a second longer; 0: no longer. */
  readonly minBodyBytesPerSecond: number;
};

/** A request that is read or worked on. */
export interface Work {
  readonly exchange: Exchange;
  readonly times: Times;
  isReading: boolean;
  /** Sweep at which its time is over, unless more of its body has come than there was then. */
  until: number;
  bytesBefore: number;
}

/** The requests of a site that wait for their answer, each with its deadline. */
export class OpenRequests {
  readonly #work = new IntMap<Work>();
  #lastNumber = 0;
  readonly #times: SiteTimes;
  readonly #onLate: (exchange: Exchange, fault: Fault) => void;
  readonly #sweeper: NodeJS.Timeout;
  #sweep = 0;

  /** `times` are those of routes that have none of their own. */
  constructor(times: SiteTimes, onLate: (exchange: Exchange, fault: Fault) => void) {
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
    const work: Work = { exchange, times, isReading: false, until: 0, bytesBefore: 0 };
    this.waitFor(work, 'answer');
    this.#lastNumber = (this.#lastNumber % MOST_NUMBERS) + 1;
    exchange.openNumber = this.#lastNumber;
    this.#work.set(this.#lastNumber, work);
    return work;
  }

  /** Its time begins again; of its body so much has been waited for already. */
  waitFor(work: Work, what: 'body' | 'answer', bytesBefore = 0): void {
    const { bodyTimeoutMs, answerTimeoutMs } = work.times;
    work.isReading = what === 'body';
    work.bytesBefore = bytesBefore;
    work.until = this.#sweep + Math.ceil((work.isReading ? bodyTimeoutMs : answerTimeoutMs) / SWEEP_MS) + 1;
  }

  end(exchange: Exchange): void {
    const { openNumber } = exchange;
    if (this.#work.get(openNumber)?.exchange === exchange) this.#work.delete(openNumber);
  }

  /** Far sides that have gone do not wait any more. */
  forgetOver(): void {
    for (const { exchange } of this.#work.values()) if (exchange.isOver) this.end(exchange);
  }

  /** Stops looking, and gives those that still wait. */
  close(): readonly Exchange[] {
    clearInterval(this.#sweeper);
    const left = this.#work.values().map(({ exchange }) => exchange);
    this.#work.clear();
    return left;
  }

  #sweepAll(): void {
    this.#sweep += 1;
    this.forgetOver();
    for (const { exchange, isReading, until, bytesBefore, times } of this.#work.values()) {
      if (until > this.#sweep) continue;
      const bytes = exchange.receivedBytes - bytesBefore;
      const moreMs = isReading ? mayTakeMs(0, bytes, this.#times.minBodyBytesPerSecond) : 0;
      if (until + moreMs / SWEEP_MS > this.#sweep) continue;
      const { answerTimeoutMs, bodyTimeoutMs } = times;
      const late = isReading
        ? new Fault('BODY_TOO_SLOW', { afterMs: bodyTimeoutMs })
        : new Fault('RESPONSE_MISSING', { path: exchange.target, afterMs: answerTimeoutMs });
      this.#onLate(exchange, late);
    }
  }
}
