import { Fault } from '../../src/fault.ts';

/** The use of something shared. `release` gives it back; the last one to do so closes it. Idempotent. */
export interface Lease<Side> {
  readonly side: Side;
  readonly release: () => Promise<void>;
}

interface Slot<Side> {
  users: number;
  readonly side: Promise<Side>;
}

/**
 * Opens what the first user wishes for, shares it with others of the same wish and closes it after the last. The next one
 * is not opened before the last one has closed: the two would fight for the same path or port.
 */
export class Pool<Wish, Side extends AsyncDisposable> {
  readonly #owner: string;
  readonly #open: (wish: Wish) => Side | Promise<Side>;
  readonly #slots = new Map<string, Slot<Side>>();
  readonly #closing = new Map<string, Promise<void>>();
  #closed = false;

  constructor(owner: string, open: (wish: Wish) => Side | Promise<Side>) {
    this.#owner = owner;
    this.#open = open;
  }

  /** Rejects with what opening throws, and with NODE_CLOSED after {@link close}. */
  async borrow(wish: Wish): Promise<Lease<Side>> {
    if (this.#closed) throw new Fault('NODE_CLOSED', { node: this.#owner });
    // A wish that is nothing has no JSON.
    const key = JSON.stringify([wish]);
    const slot = this.#slots.get(key) ?? this.#openSlot(key, wish);
    slot.users += 1;
    let released: Promise<void> | undefined;
    const release = (): Promise<void> => (released ??= this.#release(key, slot));
    try {
      return { side: await slot.side, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Closes everything that is open, whoever uses it. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#slots].map(([key, slot]) => this.#end(key, slot)));
    await Promise.all(this.#closing.values());
  }

  #openSlot(key: string, wish: Wish): Slot<Side> {
    const before = this.#closing.get(key) ?? Promise.resolve();
    const slot = { users: 0, side: before.then(() => this.#open(wish)) };
    this.#slots.set(key, slot);
    return slot;
  }

  async #release(key: string, slot: Slot<Side>): Promise<void> {
    slot.users -= 1;
    if (slot.users === 0) await this.#end(key, slot);
  }

  async #end(key: string, slot: Slot<Side>): Promise<void> {
    if (this.#slots.get(key) !== slot) return this.#closing.get(key);
    this.#slots.delete(key);
    const closed = slot.side.then(
      (side) => side[Symbol.asyncDispose](),
      () => undefined, // it never opened: its users have been told
    );
    this.#closing.set(key, closed);
    await closed;
    if (this.#closing.get(key) === closed) this.#closing.delete(key);
  }
}
