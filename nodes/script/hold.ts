/** Keeps what a script sends until its run under a time limit has ended: the time of other nodes must not count. */
export class Hold {
  #closed: boolean;
  readonly #acts: (() => void)[] = [];

  constructor(closed: boolean) {
    this.#closed = closed;
  }

  act(act: () => void): void {
    if (this.#closed) this.#acts.push(act);
    else act();
  }

  /** Runs, and does what was kept when the run returns or throws. */
  during<Result>(run: () => Result): Result {
    try {
      return run();
    } finally {
      this.#closed = false;
      for (const act of this.#acts.splice(0)) act();
    }
  }
}
