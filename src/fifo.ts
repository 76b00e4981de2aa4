const FEWEST_SLOTS = 16;
/** A longer line does not keep its ring when it is gone. */
const MOST_KEPT_SLOTS = 256;

/**
 * What waits, first in first out, in a ring that grows as needed. Who has left is not held: in an array with dead places at
 * its front, messages of many KiB would live on until a full collection finds them.
 */
export class Fifo<T> {
  #slots: (T | undefined)[] = [];
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get first(): T | undefined {
    return this.#length === 0 ? undefined : this.#slots[this.#first];
  }

  push(item: T): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#slots[(this.#first + this.#length) & (this.#slots.length - 1)] = item;
    this.#length += 1;
  }

  /** The first leaves. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#slots[this.#first];
    this.#slots[this.#first] = undefined;
    this.#first = (this.#first + 1) & (this.#slots.length - 1);
    this.#length -= 1;
    if (this.#length === 0 && this.#slots.length > MOST_KEPT_SLOTS) this.clear();
    return item;
  }

  /** All leave, in order. */
  clear(): T[] {
    const all = [...this];
    this.#slots = [];
    this.#first = 0;
    this.#length = 0;
    return all;
  }

  /** Who waits now, in order. */
  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.#length; index += 1) yield this.#at(index);
  }

  #at(index: number): T {
    return this.#slots[(this.#first + index) & (this.#slots.length - 1)] as T;
  }

  #grow(): void {
    const length = Math.max(FEWEST_SLOTS, this.#slots.length * 2);
    const slots = Array.from({ length }, (_, index) => (index < this.#length ? this.#at(index) : undefined));
    this.#slots = slots;
    this.#first = 0;
  }
}
