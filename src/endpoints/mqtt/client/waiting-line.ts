import type { Outgoing } from './outgoing.ts';

/** Gone places are cleared away after so many. */
const MOST_GONE = 1024;

/** Messages that wait for room, in order. */
export class WaitingLine {
  #messages: Outgoing[] = [];
  #first = 0;

  get length(): number {
    return this.#messages.length - this.#first;
  }

  get first(): Outgoing | undefined {
    return this.#messages[this.#first];
  }

  push(outgoing: Outgoing): void {
    this.#messages.push(outgoing);
  }

  /** The first leaves. */
  shift(): void {
    this.#first += 1;
    if (this.#first === this.#messages.length) this.#messages = [];
    else if (this.#first > MOST_GONE) this.#messages = this.#messages.slice(this.#first);
    else return;
    this.#first = 0;
  }

  /** All leave. */
  clear(): Outgoing[] {
    const all = this.#messages.slice(this.#first);
    this.#messages = [];
    this.#first = 0;
    return all;
  }
}
