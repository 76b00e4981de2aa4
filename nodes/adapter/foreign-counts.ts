import type { Look } from './look.ts';

/** What went through a node that is not ours. */
export class ForeignCounts {
  received = 0;
  errors = 0;
  /** Messages that left, by output. */
  readonly sent: number[] = [];
  /** By output: the message that is followed next. Read for each message, so it is there while nobody looks, too. */
  next = new Float64Array();
  /** Told whenever a followed message is on its way to the node, and when none is any more. */
  onFollows: (follows: boolean) => void = () => {};
  #look: Look | undefined;

  /** All counts at zero, for so many outputs, and nobody looks. */
  reset(outputs: number): void {
    this.received = 0;
    this.errors = 0;
    this.sent.length = 0;
    for (let port = 0; port < outputs; port += 1) this.sent.push(0);
    this.look = undefined;
  }

  /** Only while somebody looks. */
  get look(): Look | undefined {
    return this.#look;
  }
  set look(look: Look | undefined) {
    if (this.#look !== undefined) this.#look.onFollows = () => {};
    this.#look = look;
    this.next = look?.next ?? new Float64Array(this.sent.length).fill(Infinity);
    if (look !== undefined) look.onFollows = this.onFollows;
    this.onFollows(look?.follows ?? false);
  }
}

/** The counts of each node that is counted: whoever takes a message past it counts it here. */
export const foreignCounts = new WeakMap<object, ForeignCounts>();
