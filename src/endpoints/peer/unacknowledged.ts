/** Waits for the acknowledgement of a message. */
export interface Unacknowledged {
  /** Without an error it has come. */
  settle(error?: Error): void;
}

const MAX_SLOTS = 4_096;
const FIRST_ID = 1;
const LAST_ID = 0xffff_ffff;

/**
 * Who waits for which acknowledgement. Numbers are given in a row and come back nearly so: each has a slot, and nothing is
 * made for it. A Map would make a new table again and again, and each old one keeps alive what the next one holds.
 */
export class UnacknowledgedMessages {
  readonly #mask: number;
  readonly #ids: Uint32Array;
  readonly #slots: (Unacknowledged | undefined)[];
  /** Those whose slot somebody else still has: his has been waiting for long. */
  readonly #crowded = new Map<number, Unacknowledged>();
  #size = 0;
  #lastId = FIRST_ID - 1;
  #onDrained: (() => void) | undefined;

  /** `usual`: how many there are at once at most, as a rule. */
  constructor(usual: number) {
    const slots = Math.min(MAX_SLOTS, 2 ** Math.ceil(Math.log2(2 * usual)));
    this.#mask = slots - 1;
    this.#ids = new Uint32Array(slots);
    this.#slots = Array.from({ length: slots });
  }

  get size(): number {
    return this.#size;
  }

  /** A number nobody has: u32, never 0. */
  nextId(): number {
    this.#lastId = this.#lastId === LAST_ID ? FIRST_ID : this.#lastId + 1;
    return this.#lastId;
  }

  add(id: number, waiting: Unacknowledged): void {
    const slot = id & this.#mask;
    if (this.#slots[slot] === undefined) {
      this.#slots[slot] = waiting;
      this.#ids[slot] = id;
    } else this.#crowded.set(id, waiting);
    this.#size += 1;
  }

  /** Who waits for that one, from now on not any more. */
  take(id: number): Unacknowledged | undefined {
    const slot = id & this.#mask;
    let waiting: Unacknowledged | undefined;
    if (this.#ids[slot] === id && this.#slots[slot] !== undefined) {
      waiting = this.#slots[slot];
      this.#slots[slot] = undefined;
    } else if (this.#crowded.size > 0) {
      waiting = this.#crowded.get(id);
      this.#crowded.delete(id);
    }
    if (waiting !== undefined) this.#size -= 1;
    if (this.#size === 0) this.#onDrained?.();
    return waiting;
  }

  /** Resolves when nobody waits any more; that must not be called while more is being sent. */
  drained(): Promise<void> {
    if (this.#size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#onDrained = resolve));
  }

  /** No acknowledgement comes any more. */
  lose(cause: Error): void {
    const all = [...this.#slots, ...this.#crowded.values()];
    this.#slots.fill(undefined);
    this.#crowded.clear();
    this.#size = 0;
    for (const waiting of all) waiting?.settle(cause);
    this.#onDrained?.();
  }
}
