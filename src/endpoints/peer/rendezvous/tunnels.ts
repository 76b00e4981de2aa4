import type { Guest } from './guest.ts';

interface Pair {
  /** Who opened it comes first. */
  readonly guests: readonly [Guest, Guest];
  readonly session: string;
}

export interface TunnelLimits {
  /** At once, in all. */
  readonly maxTunnels: number;
  /** At once, opened by one peer. */
  readonly maxTunnelsOfOne: number;
}

/** Which sessions are relayed between whom, within limits. */
export class Tunnels {
  readonly #limits: TunnelLimits;
  readonly #pairs = new Map<string, Pair>();
  /** How many each peer has opened, by fingerprint. */
  readonly #opened = new Map<string, number>();

  constructor(limits: TunnelLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#pairs.size;
  }

  /** Who is at the other end of this guest's tunnel, if it is that peer. */
  other(guest: Guest, fingerprint: string, session: string): Guest | undefined {
    const [one, two] = this.#pairs.get(session)?.guests ?? [];
    const other = one === guest ? two : two === guest ? one : undefined;
    return other?.fingerprint === fingerprint ? other : undefined;
  }

  /** Why it could not be opened; nothing when it is there. */
  open(from: Guest, to: Guest, session: string): string | undefined {
    const { maxTunnels, maxTunnelsOfOne } = this.#limits;
    const pair = this.#pairs.get(session);
    if (pair !== undefined) {
      return pair.guests.includes(from) && pair.guests.includes(to) ? undefined : 'the tunnel of others';
    }
    if (this.#pairs.size >= maxTunnels) return `more than ${maxTunnels} tunnels`;
    const opened = this.#opened.get(from.fingerprint) ?? 0;
    if (opened >= maxTunnelsOfOne) return `more than ${maxTunnelsOfOne} tunnels of one peer`;
    this.#opened.set(from.fingerprint, opened + 1);
    this.#pairs.set(session, { guests: [from, to], session });
    return undefined;
  }

  end(guest: Guest, session: string): void {
    const pair = this.#pairs.get(session);
    if (pair?.guests.includes(guest) === true) this.#end(pair);
  }

  /** Ends all of one guest; says who was at their other ends. */
  leave(guest: Guest): { other: Guest; session: string }[] {
    const left = [...this.#pairs.values()].filter(({ guests }) => guests.includes(guest));
    return left.map((pair) => {
      this.#end(pair);
      const [one, two] = pair.guests;
      return { other: one === guest ? two : one, session: pair.session };
    });
  }

  #end({ guests: [{ fingerprint }], session }: Pair): void {
    this.#pairs.delete(session);
    const left = this.#opened.get(fingerprint)! - 1;
    if (left === 0) this.#opened.delete(fingerprint);
    else this.#opened.set(fingerprint, left);
  }
}
