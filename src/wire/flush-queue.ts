/** What can be flushed later. */
export interface Flushable {
  flush(): void;
}

/** Without a batch for so long, in ms, nothing else is to be expected in this turn. */
const QUIET_MS = 0.3;

/**
 * Flushes writers once at the end of a turn: `microtask` right after the running callback, `immediate` after every socket
 * that is readable now. `adaptive` is `immediate`, but `microtask` for the first batch after a pause: one message at a time
 * need not go round the loop.
 */
export class FlushQueue {
  readonly #when: 'microtask' | 'immediate' | 'adaptive';
  readonly #now: () => number;
  #waiting: Flushable[] = [];
  #scheduled = false;
  #isUrgent = false;
  #lastAt = -Infinity;
  readonly #run = (): void => this.flush();

  constructor(when: 'microtask' | 'immediate' | 'adaptive', now: () => number = () => performance.now()) {
    this.#when = when;
    this.#now = now;
  }

  /** A writer adds itself once for each batch; `isPatient` where nobody waits for what it has, such as acknowledgements. */
  add(writer: Flushable, isPatient = false): void {
    this.#waiting.push(writer);
    if (!isPatient) this.#isUrgent = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#when === 'microtask' || (this.#when === 'adaptive' && !isPatient && this.#isFirst())) {
      queueMicrotask(this.#run);
    } else setImmediate(this.#run);
  }

  /** A chunk has been read, and what it led to so far need not wait: unless all of it is patient, to leave with what follows. */
  flushRead(messages: number): void {
    // Each of several messages goes through the runtime in a turn of its own: the first of them is not alone.
    if (messages > 1) this.#lastAt = this.#now();
    if (this.#isUrgent) this.flush();
  }

  /** Flushes all of them now; those added meanwhile wait for the next turn. */
  flush(): void {
    const writers = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    this.#isUrgent = false;
    for (const writer of writers) writer.flush();
    // To write to a thousand takes longer than a pause: what comes right after has waited meanwhile.
    if (this.#when === 'adaptive' && writers.length > 0) this.#lastAt = this.#now();
  }

  #isFirst(): boolean {
    const before = this.#lastAt;
    this.#lastAt = this.#now();
    return this.#lastAt - before > QUIET_MS;
  }
}

/** The queue of writers that are given none. */
export const endOfTurn = new FlushQueue('microtask');
