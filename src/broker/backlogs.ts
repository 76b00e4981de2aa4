import type { Connection } from './connection.ts';
import type { Message } from './message.ts';
import type { RetainedKeeper } from './retained-keeper.ts';
import type { Subscription } from './subscription.ts';

interface Backlog {
  readonly subscription: Subscription;
  readonly ids: readonly number[] | undefined;
  /** Reads on in the tree of retained messages, so that what waits takes no memory. */
  readonly messages: Iterator<Message, unknown>;
  /** Messages above it were published since the subscription, and heard. */
  readonly newest: number;
}

/** Retained messages on their way to new subscriptions, no faster than their clients read. */
export class Backlogs {
  readonly #waiting = new Map<Connection, Backlog[]>();
  readonly #retained: RetainedKeeper;

  constructor(retained: RetainedKeeper) {
    this.#retained = retained;
  }

  /** Starts them from the first for a subscription, also for one whose last round is not over; up to the message `newest`. */
  add(connection: Connection, subscription: Subscription, newest: number): void {
    const ids = subscription.id === 0 ? undefined : [subscription.id];
    const messages = this.#retained.match(subscription.filter);
    const backlog = { subscription, ids, messages, newest };
    const own = this.#waiting.get(connection) ?? [];
    const others = own.filter((old) => old.subscription.name !== subscription.name);
    this.#waiting.set(connection, [...others, backlog]);
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
      const message = nextOf(connection, backlog);
      if (message === undefined) own.shift();
      else this.#send(connection, message, backlog);
    }
  }

  /** The connection is over: a session that lasts gets its QoS 1 and 2 later, within its limits. */
  drop(connection: Connection): void {
    const own = this.#waiting.get(connection) ?? [];
    this.#waiting.delete(connection);
    const session = connection.session!;
    if (session === undefined || session.expirySeconds === 0) return;
    for (const backlog of own) {
      const { subscription, ids } = backlog;
      for (let message = nextOf(connection, backlog); message !== undefined; message = nextOf(connection, backlog)) {
        const qos = message.qos < subscription.qos ? message.qos : subscription.qos;
        if (qos > 0 && !session.deliver(message, qos as 1 | 2, true, ids)) return;
      }
    }
  }

  #send({ outlet, session }: Connection, message: Message, { subscription, ids }: Backlog): void {
    const qos = message.qos < subscription.qos ? message.qos : subscription.qos;
    if (qos === 0) outlet.message(message, true, ids);
    else session!.deliver(message, qos, true, ids);
  }
}

/** The next one this client may read and has not heard; undefined at the end. */
function nextOf({ core, identity }: Connection, { messages, newest }: Backlog): Message | undefined {
  for (let next = messages.next(); next.done !== true; next = messages.next()) {
    const message = next.value;
    if (message.number <= newest && core.authorize(identity, 'subscribe', message.topic)) return message;
  }
  return undefined;
}
