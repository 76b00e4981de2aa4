import type { Guest } from './guest.ts';

/** Sessions whose two ends are known; the oldest is forgotten. */
const MAX_SESSIONS = 10_000;

interface Ends {
  link?: Guest;
  listener?: Guest;
}

/** Who speaks at either end of a session, so that answers find their way back. */
export class Speakers {
  readonly #sessions = new Map<string, Ends>();

  /** The first who speaks at an end keeps it: nobody takes the place of another. */
  add(guest: Guest, session: string): void {
    let ends = this.#sessions.get(session);
    if (ends === undefined) {
      ends = {};
      this.#sessions.set(session, ends);
      if (this.#sessions.size > MAX_SESSIONS) this.#sessions.delete(this.#sessions.keys().next().value!);
    }
    ends[guest.role] ??= guest;
  }

  /** The guest at that end, if it is this peer. */
  find(role: Guest['role'], fingerprint: string, session: string): Guest | undefined {
    const guest = this.#sessions.get(session)?.[role];
    return guest?.fingerprint === fingerprint ? guest : undefined;
  }

  /** Forgets a guest; says who was at the other ends of its sessions. */
  leave(guest: Guest): { other: Guest; session: string }[] {
    const left: { other: Guest; session: string }[] = [];
    for (const [session, { link, listener }] of this.#sessions) {
      if (link !== guest && listener !== guest) continue;
      this.#sessions.delete(session);
      const other = link === guest ? listener : link;
      if (other !== undefined) left.push({ other, session });
    }
    return left;
  }
}
