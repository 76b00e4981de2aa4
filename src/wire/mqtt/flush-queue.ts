/** What can be flushed later. */
export interface Flushable {
  flush(): void;
}

/** Flushes writers once at the end of a turn: `microtask` right after the running socket callback, `immediate` after every socket that is readable now. */
export class FlushQueue {
  readonly #when: 'microtask' | 'immediate';
  #waiting: Flushable[] = [];
  #scheduled = false;
  readonly #run = (): void => this.flush();

  constructor(when: 'microtask' | 'immediate') {
    this.#when = when;
  }

  /** A writer adds itself once for each batch. */
  add(writer: Flushable): void {
    this.#waiting.push(writer);
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#when === 'microtask') queueMicrotask(this.#run);
    else setImmediate(this.#run);
  }

  /** Flushes all of them now; those added meanwhile wait for the next turn. */
  flush(): void {
    const writers = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    for (const writer of writers) writer.flush();
  }
}

/** The queue of writers that are given none. */
export const endOfTurn = new FlushQueue('microtask');
