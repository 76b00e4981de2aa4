import type { Guest } from './guest.ts';

interface Pair {
  readonly guests: readonly [Guest, Guest];
  readonly session: string;
}

/** Which sessions are relayed between whom, at most so many. */
export class Tunnels {
  readonly #limit: number;
  readonly #pairs = new Map<string, Pair>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#pairs.size;
  }

  /** True when there is such a tunnel or it could be opened. */
  open(from: Guest, to: Guest, session: string): boolean {
    const pair = this.#pairs.get(session);
    if (pair !== undefined) return pair.guests.includes(from) && pair.guests.includes(to);
    if (this.#pairs.size >= this.#limit) return false;
    this.#pairs.set(session, { guests: [from, to], session });
    return true;
  }

  end(guest: Guest, session: string): void {
    if (this.#pairs.get(session)?.guests.includes(guest) === true) this.#pairs.delete(session);
  }

  /** Ends all of one guest; says who was at their other ends. */
  leave(guest: Guest): { other: Guest; session: string }[] {
    const left = [...this.#pairs.values()].filter(({ guests }) => guests.includes(guest));
    return left.map(({ guests: [one, two], session }) => {
      this.#pairs.delete(session);
      return { other: one === guest ? two : one, session };
    });
  }
}
