/**
 * What happens when something has taken too long. Every request waits for several things, and hardly ever in vain: all waits of
 * one length stand in one line behind one timer, which keeps no process alive.
 */
export class Deadline {
  /** Only for the line it stands in. */
  at = 0;
  before: Deadline | undefined = undefined;
  after: Deadline | undefined = undefined;
  line: Line | undefined = undefined;
  readonly afterMs: number;
  readonly act: () => void;

  constructor(afterMs: number, act: () => void) {
    this.afterMs = afterMs;
    this.act = act;
    lineOf(afterMs).append(this);
  }

  /** The time begins anew, unless it is over or stopped. */
  again(): void {
    if (this.line === undefined) return;
    this.stop();
    lineOf(this.afterMs).append(this);
  }

  stop(): void {
    this.line?.remove(this);
  }
}

/** Waits of one length: who came first is over first. */
class Line {
  readonly #ms: number;
  #first: Deadline | undefined;
  #last: Deadline | undefined;

  constructor(ms: number) {
    this.#ms = ms;
    this.#watch(ms);
  }

  append(deadline: Deadline): void {
    deadline.at = performance.now() + this.#ms;
    deadline.line = this;
    deadline.before = this.#last;
    if (this.#last === undefined) this.#first = deadline;
    else this.#last.after = deadline;
    this.#last = deadline;
  }

  remove(deadline: Deadline): void {
    const { before, after } = deadline;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    deadline.before = undefined;
    deadline.after = undefined;
    deadline.line = undefined;
  }

  #watch(ms: number): void {
    setTimeout(() => this.#look(), ms).unref();
  }

  #look(): void {
    for (let first = this.#first; first !== undefined; first = this.#first) {
      const leftMs = first.at - performance.now();
      if (leftMs > 0) return this.#watch(Math.ceil(leftMs));
      this.remove(first);
      first.act();
    }
    lines.delete(this.#ms);
  }
}

const lines = new Map<number, Line>();

function lineOf(ms: number): Line {
  let line = lines.get(ms);
  if (line === undefined) lines.set(ms, (line = new Line(ms)));
  return line;
}
