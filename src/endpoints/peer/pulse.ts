import { Silence } from '../../endpoint/silence.ts';

export interface PulseEvents {
  /** Asks the far side for a sign of life. The number of the question. */
  ask(): number;
  /** False while what is written does not get away: another question would only wait behind it. */
  mayAsk(): boolean;
  /** Whether it is heard at all: what we do not read ourselves is no silence of the far side. */
  isListening(): boolean;
  /** Nothing was heard for longer than `keepAliveMs`. */
  silent(ms: number): void;
  latency(ms: number): void;
}

/** Asks a far side for signs of life, measures how long the answers take and notices when none come. */
export class Pulse {
  readonly #keepAliveMs: number;
  readonly #events: PulseEvents;
  readonly #silence: Silence;
  readonly #timer: NodeJS.Timeout;
  #asked: number | undefined;
  #askedAt = 0;
  #latencyMs: number | undefined;

  constructor(keepAliveMs: number, events: PulseEvents) {
    const periodMs = Math.max(1, keepAliveMs / 3);
    this.#keepAliveMs = keepAliveMs;
    this.#events = events;
    this.#silence = new Silence(periodMs);
    this.#timer = setInterval(() => this.#beat(), periodMs);
  }

  /** Time there and back by the last answer. */
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  hear(): void {
    this.#silence.hear();
  }

  ask(): void {
    this.#asked = this.#events.ask();
    this.#askedAt = performance.now();
  }

  /** False when it is no answer to the last question. */
  answered(id: number): boolean {
    if (id !== this.#asked) return false;
    this.#asked = undefined;
    // To the microsecond: more of it is noise.
    this.#latencyMs = Math.round((performance.now() - this.#askedAt) * 1_000) / 1_000;
    this.#events.latency(this.#latencyMs);
    return true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    const silentMs = this.#silence.look();
    if (silentMs > this.#keepAliveMs && this.#events.isListening()) this.#events.silent(Math.round(silentMs));
    else if (this.#events.mayAsk()) this.ask();
  }
}
