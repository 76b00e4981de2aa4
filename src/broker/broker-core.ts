import { noProperties, reasonCode, type Properties } from '../wire/mqtt/index.ts';
import type { Authenticate } from './admit.ts';
import type { AuthMethod } from './auth-method.ts';
import { Backlogs } from './backlogs.ts';
import type { BrokerLimits } from './broker-limits.ts';
import type { BrokerStore } from './broker-store.ts';
import type { Authorize, Broker, BrokerClient, ClientEvent } from './broker.ts';
import type { Connection } from './connection.ts';
import { Counters } from './counters.ts';
import { Exchange } from './exchange.ts';
import type { Message } from './message.ts';
import { QueueSpace } from './queue-space.ts';
import { RateLimit } from './rate-limit.ts';
import type { Redirect } from './redirect.ts';
import { RetainedKeeper } from './retained-keeper.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';
import { messageOfWill, Wills, type Will } from './wills.ts';

type Listener = Parameters<Broker['onClient']>[0];

export interface CoreOptions {
  readonly authorize: Authorize;
  readonly authenticate: Authenticate | undefined;
  readonly authMethods: readonly AuthMethod[];
  readonly redirect: Redirect;
  readonly discreet: boolean;
  readonly limits: Required<BrokerLimits>;
  readonly store: BrokerStore;
  readonly onError: (error: Error) => void;
}

/** What all connections share. */
export class BrokerCore {
  readonly authorize: Authorize;
  readonly authenticate: Authenticate | undefined;
  readonly authMethods: readonly AuthMethod[];
  readonly redirect: Redirect;
  readonly discreet: boolean;
  readonly limits: Required<BrokerLimits>;
  readonly store: BrokerStore;
  readonly onError: (error: Error) => void;
  /** CONNECTs of all clients, when there is a limit. */
  readonly connects: RateLimit | undefined;
  readonly queues: QueueSpace<Session>;
  readonly counters = new Counters();
  readonly exchange: Exchange;
  readonly retained: RetainedKeeper;
  readonly backlogs: Backlogs;
  readonly sessions: Sessions;
  readonly connections = new Set<Connection>();
  readonly clients = new Map<string, BrokerClient>();
  /** Set when the broker shuts down: wills are not published then (MQTT 5, 3.1.2.5). */
  closing = false;
  /** Connections that are in, by session. */
  readonly #live = new Map<Session, Connection>();
  readonly #listeners = new Set<Listener>();

  constructor({ authorize, authenticate, authMethods, redirect, discreet, limits, store, onError }: CoreOptions) {
    this.authorize = authorize;
    this.authenticate = authenticate;
    this.authMethods = authMethods;
    this.redirect = redirect;
    this.discreet = discreet;
    this.connects = limits.maxConnectsPerSecond === 0 ? undefined : new RateLimit(limits.maxConnectsPerSecond);
    this.limits = limits;
    this.store = store;
    this.onError = onError;
    this.exchange = new Exchange(authorize, this.counters, onError);
    this.retained = new RetainedKeeper(store, limits);
    this.backlogs = new Backlogs(this.retained);
    const wills = new Wills(store, (session, will) => this.#publishWill(session, will));
    this.queues = new QueueSpace<Session>(limits, (session) =>
      this.#tellOf(session, 'slow', 'its queue is full: newer messages are not kept for it'),
    );
    this.sessions = new Sessions(store, this.queues, this.exchange, wills);
  }

  /** Connections that are not in yet, or no longer. */
  get pending(): number {
    return this.connections.size - this.#live.size;
  }

  /** Why nobody with this identity may publish there. */
  publishProblem(identity: string | undefined, topic: string): string | undefined {
    return topic.startsWith('$SYS/') || !this.authorize(identity, 'publish', topic)
      ? `may not publish ${topic}`
      : undefined;
  }

  /** Why nobody may use a topic or topic filter that deep. */
  depthProblem(topic: string): string | undefined {
    const { maxTopicLevels } = this.limits;
    if (topic.length < maxTopicLevels) return undefined;
    let levels = 1;
    for (let at = topic.indexOf('/'); at !== -1; at = topic.indexOf('/', at + 1)) levels += 1;
    return levels > maxTopicLevels ? `the topic has more than ${maxTopicLevels} levels` : undefined;
  }

  /** Keeps the message if it is to be retained and hands it to its subscribers; says how many they are. */
  publish(message: Message, from: Session | undefined, waits: Promise<void>[]): number {
    this.counters.published += 1;
    if (message.retain) this.retained.take(message);
    return this.exchange.publish(message, from, waits);
  }

  /** A connection with this client id makes place for another (MQTT 5, 3.1.4-3). */
  takeOver(clientId: string): void {
    const session = this.sessions.all.get(clientId);
    const connection = session && this.#live.get(session);
    connection?.deny(0x8e, 'another connection has the same client id');
  }

  /** What a session may no longer read is taken from it. */
  dropForbidden(session: Session): void {
    // A Map may lose entries while it is read.
    for (const { name, filter } of session.subscriptions.values())
      if (!this.authorize(session.identity, 'subscribe', filter)) this.sessions.unsubscribe(session, name);
  }

  connectionOf(clientId: string): Connection | undefined {
    const session = this.sessions.all.get(clientId);
    return session && this.#live.get(session);
  }

  connected(connection: Connection): void {
    const { session, client } = connection;
    this.#live.set(session!, connection);
    this.clients.set(client!.clientId, client!);
    this.tell('connected', connection);
  }

  /** The connection is no longer its session's; a will that is left is due. */
  detach(connection: Connection): void {
    const { session, client, will } = connection;
    if (session === undefined || this.#live.get(session) !== connection) return;
    this.#live.delete(session);
    this.backlogs.drop(connection);
    if (this.clients.get(client!.clientId) === client) this.clients.delete(client!.clientId);
    connection.will = undefined;
    if (will === undefined) this.sessions.wills.forget(session);
    else if (!this.closing) this.sessions.wills.start(session, will);
    this.sessions.leave(session, connection.outlet);
    this.tell('gone', connection, connection.trouble);
  }

  closed(connection: Connection): void {
    this.connections.delete(connection);
    this.detach(connection);
  }

  /** What a client is told of a refusal. */
  explain(reason: string): Properties {
    return this.discreet ? noProperties : { reasonString: reason };
  }

  /** The reason code for what a client has no right to. */
  get noRight(): number {
    return this.discreet ? reasonCode.unspecifiedError : reasonCode.notAuthorized;
  }

  /** Counted, and told: one of its packets was refused, or all of it. */
  refused(connection: Connection, reason: string): void {
    this.counters.refused += 1;
    this.tell('refused', connection, reason);
  }

  tell(event: ClientEvent, { client, identity }: Connection, reason?: string): void {
    const who = client ?? { clientId: '', identity, connectedAt: Date.now() };
    for (const listener of this.#listeners) listener(event, who, reason);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #publishWill(session: Session, will: Will): void {
    const message = messageOfWill(will, session.sender);
    const problem =
      this.publishProblem(session.identity, message.topic) ??
      this.depthProblem(message.topic) ??
      (message.retain ? this.retained.problem(message.topic, message.payload.length) : undefined);
    if (problem === undefined) {
      this.publish(message, session, []);
      return;
    }
    this.counters.refused += 1;
    this.#tellOf(session, 'refused', problem);
  }

  #tellOf({ clientId, identity }: Session, event: ClientEvent, reason: string): void {
    const client = this.clients.get(clientId) ?? { clientId, identity, connectedAt: 0 };
    for (const listener of this.#listeners) listener(event, client, reason);
  }
}
