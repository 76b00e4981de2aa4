import type { Sending } from './sending.ts';

/**
 * Sendings in the order they came; any of them may leave. It is linked by the sendings themselves, and who leaves holds none of
 * the others: so nothing is made for each, and those that are done do not keep later ones alive.
 */
export class SendingLine {
  #first: Sending | undefined;
  #last: Sending | undefined;
  #size = 0;

  get first(): Sending | undefined {
    return this.#first;
  }

  get size(): number {
    return this.#size;
  }

  add(sending: Sending): void {
    sending.line = this;
    sending.before = this.#last;
    if (this.#last === undefined) this.#first = sending;
    else this.#last.after = sending;
    this.#last = sending;
    this.#size += 1;
  }

  remove(sending: Sending): void {
    const { before, after } = sending;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    sending.line = undefined;
    sending.before = undefined;
    sending.after = undefined;
    this.#size -= 1;
  }
}
