import type { Connection } from './connection.ts';
import type { Message } from './message.ts';
import type { RetainedKeeper } from './retained-keeper.ts';
import type { Subscription } from './subscription.ts';

interface Backlog {
  readonly subscription: Subscription;
  readonly ids: readonly number[] | undefined;
  readonly messages: readonly Message[];
  next: number;
}

/** Retained messages on their way to new subscriptions, no faster than their clients read. */
export class Backlogs {
  readonly #waiting = new Map<Connection, Backlog[]>();
  readonly #retained: RetainedKeeper;

  constructor(retained: RetainedKeeper) {
    this.#retained = retained;
  }

  add(connection: Connection, subscription: Subscription, messages: readonly Message[]): void {
    if (messages.length === 0) return;
    const ids = subscription.id === 0 ? undefined : [subscription.id];
    const backlog = { subscription, ids, messages, next: 0 };
    const own = this.#waiting.get(connection);
    if (own === undefined) this.#waiting.set(connection, [backlog]);
    else own.push(backlog);
  }

  /** Sends as much as the client takes now. */
  pump(connection: Connection): void {
    const own = this.#waiting.get(connection);
    if (own === undefined) return;
    const session = connection.session!;
    while (connection.outlet.writable && session.queued === 0) {
      const [backlog] = own;
      if (backlog === undefined) {
        this.#waiting.delete(connection);
        return;
      }
      const message = backlog.messages[backlog.next];
      backlog.next += 1;
      if (message === undefined) own.shift();
      // One that was replaced meanwhile would come after its successor.
      else if (this.#retained.holds(message)) this.#send(connection, message, backlog);
    }
  }

  /** The connection is over: a session that lasts gets its QoS 1 and 2 later, within its limits. */
  drop(connection: Connection): void {
    const own = this.#waiting.get(connection) ?? [];
    this.#waiting.delete(connection);
    const session = connection.session!;
    if (session === undefined || session.expirySeconds === 0) return;
    for (const { subscription, ids, messages, next } of own) {
      for (const message of messages.slice(next)) {
        const qos = message.qos < subscription.qos ? message.qos : subscription.qos;
        if (qos > 0 && this.#retained.holds(message) && !session.deliver(message, qos as 1 | 2, true, ids)) return;
      }
    }
  }

  #send({ outlet, session }: Connection, message: Message, { subscription, ids }: Backlog): void {
    const qos = message.qos < subscription.qos ? message.qos : subscription.qos;
    if (qos === 0) outlet.message(message, true, ids);
    else session!.deliver(message, qos, true, ids);
  }
}
