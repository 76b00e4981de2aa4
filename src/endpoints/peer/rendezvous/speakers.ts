import type { Guest } from './guest.ts';

/** Sessions that one guest has begun and that are remembered; its oldest is forgotten for a newer one, never another's. */
const MAX_OF_ONE = 256;

interface Session {
  readonly by: Guest;
  link?: Guest;
  listener?: Guest;
}

/** Who speaks at either end of a session, so that answers find their way back. */
export class Speakers {
  readonly #sessions = new Map<string, Session>();
  readonly #begun = new Map<Guest, Set<string>>();

  /** One speaks to the other. The first who speaks at an end keeps it: nobody takes the place of another. */
  add(from: Guest, to: Guest, id: string): void {
    const session = this.#sessions.get(id) ?? this.#begin(from, id);
    session[from.role] ??= from;
    session[to.role] ??= to;
  }

  /** The guest at that end, if it is this peer. */
  find(role: Guest['role'], fingerprint: string, id: string): Guest | undefined {
    const guest = this.#sessions.get(id)?.[role];
    return guest?.fingerprint === fingerprint ? guest : undefined;
  }

  /** Forgets a guest; says who was at the other ends of its sessions. */
  leave(guest: Guest): { other: Guest; session: string }[] {
    const left: { other: Guest; session: string }[] = [];
    for (const [id, { by, link, listener }] of this.#sessions) {
      if (link !== guest && listener !== guest) continue;
      this.#forget(by, id);
      const other = link === guest ? listener : link;
      if (other !== undefined) left.push({ other, session: id });
    }
    return left;
  }

  #begin(by: Guest, id: string): Session {
    const session: Session = { by };
    this.#sessions.set(id, session);
    let begun = this.#begun.get(by);
    if (begun === undefined) this.#begun.set(by, (begun = new Set()));
    begun.add(id);
    if (begun.size > MAX_OF_ONE) this.#forget(by, begun.values().next().value!);
    return session;
  }

  #forget(by: Guest, id: string): void {
    this.#sessions.delete(id);
    const begun = this.#begun.get(by);
    begun?.delete(id);
    if (begun?.size === 0) this.#begun.delete(by);
  }
}
