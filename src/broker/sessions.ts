import type { BrokerStore } from './broker-store.ts';
import type { Exchange } from './exchange.ts';
import type { QueueSpace } from './queue-space.ts';
import { Session, type Outlet } from './session.ts';
import type { Subscription } from './subscription.ts';
import type { Wills } from './wills.ts';

/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Every session there is: connected, or kept for a client that is away (MQTT 5, 4.1). */
export class Sessions {
  readonly all = new Map<string, Session>();
  readonly wills: Wills;
  readonly #timers = new Map<Session, NodeJS.Timeout>();
  readonly #store: BrokerStore;
  readonly #space: QueueSpace<Session>;
  readonly #exchange: Exchange;

  constructor(store: BrokerStore, space: QueueSpace<Session>, exchange: Exchange, wills: Wills) {
    this.#store = store;
    this.#space = space;
    this.#exchange = exchange;
    this.wills = wills;
  }

  /** The session of a client that connects: the one kept for it, or a new one. `resumed` tells which. */
  open(
    clientId: string,
    identity: string | undefined,
    cleanStart: boolean,
    expirySeconds: number,
  ): { session: Session; resumed: boolean } {
    const kept = this.all.get(clientId);
    if (kept !== undefined && cleanStart) this.end(kept);
    const known = cleanStart ? undefined : kept;
    const session = known ?? this.create(clientId, identity);
    this.#stopTimer(session);
    if (known !== undefined) this.wills.forget(known);
    const lasted = session.expirySeconds > 0;
    session.expirySeconds = expirySeconds;
    if (lasted || expirySeconds > 0) this.#store.session(session);
    return { session, resumed: known !== undefined };
  }

  create(clientId: string, identity: string | undefined): Session {
    const session = new Session(clientId, identity, this.#store, this.#space);
    this.all.set(clientId, session);
    return session;
  }

  /** The connection of a session is over. */
  leave(session: Session, outlet: Outlet): void {
    if (session.outlet !== outlet) return;
    session.detach();
    if (this.all.get(session.clientId) !== session) return;
    if (session.expirySeconds === 0) this.end(session);
    else this.await(session, Date.now() + session.expirySeconds * 1000);
  }

  /** Ends the session at that time unless its client comes back. */
  await(session: Session, endsAt: number): void {
    session.endsAt = endsAt;
    this.#store.session(session);
    const leftInMs = Math.min(Math.max(0, endsAt - Date.now()), LONGEST_TIMER_MS);
    const timer = setTimeout(() => {
      if (Date.now() >= endsAt) this.end(session);
      else this.await(session, endsAt);
    }, leftInMs).unref();
    this.#stopTimer(session);
    this.#timers.set(session, timer);
  }

  end(session: Session): void {
    this.#stopTimer(session);
    if (this.all.get(session.clientId) === session) this.all.delete(session.clientId);
    for (const subscription of session.subscriptions.values()) this.#exchange.tree.remove(subscription);
    this.#store.dropSession(session);
    session.forget();
    this.wills.release(session);
  }

  subscribe(session: Session, subscription: Subscription): void {
    const old = session.subscriptions.get(subscription.name);
    if (old !== undefined) this.#exchange.tree.remove(old);
    this.#exchange.tree.add(subscription);
    session.keepSubscription(subscription);
  }

  unsubscribe(session: Session, name: string): boolean {
    const old = session.subscriptions.get(name);
    if (old === undefined) return false;
    this.#exchange.tree.remove(old);
    session.forgetSubscription(old);
    return true;
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.wills.close();
  }

  #stopTimer(session: Session): void {
    clearTimeout(this.#timers.get(session));
    this.#timers.delete(session);
  }
}
