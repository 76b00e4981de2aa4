import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { topicProblem } from '../endpoint/topic.ts';
import { Fault } from '../fault.ts';
import { reasonCode } from '../wire/mqtt/index.ts';
import { authorizeByIdentity } from './acl.ts';
import type { Authenticate } from './admit.ts';
import type { AuthMethod } from './auth-method.ts';
import { BrokerCore } from './broker-core.ts';
import { BROKER_LIMITS, type BrokerLimits } from './broker-limits.ts';
import { memoryStore } from './broker-store.ts';
import type { Authorize, Broker, LiveMessage, LivePublish } from './broker.ts';
import { Connection } from './connection.ts';
import type { DurableStore } from './durable-store.ts';
import { InnerSubscriber } from './inner-subscriber.ts';
import { livePublishOf, ownMessage, receivedMessageOf } from './inner-message.ts';
import { propertiesProblem } from './properties-problem.ts';
import type { Redirect } from './redirect.ts';
import { restore } from './restore.ts';
import { sessionReport } from './session-report.ts';
import type { Subscription } from './subscription.ts';
import { SystemTopics } from './system-topics.ts';
import { topicFilterProblem } from './topic.ts';

export interface BrokerOptions {
  /** Default {@link authorizeByIdentity}. */
  readonly authorize?: Authorize;
  /** Asked at every CONNECT. By default whoever has a certificate or is on this machine is let in. */
  readonly authenticate?: Authenticate;
  /** Enhanced authentication of MQTT 5 clients that name one of these methods in CONNECT. None by default. */
  readonly authMethods?: readonly AuthMethod[];
  /** Sends clients to another server, before they are in. By default nobody. */
  readonly redirect?: Redirect;
  readonly limits?: BrokerLimits;
  /** Tells clients no reasons: no reason strings, and 0x80 for what they may not do (MQTT 5, 3.9.3). Default false. */
  readonly discreet?: boolean;
  /** Database file for sessions, what they wait for, and retained messages. By default all of it is in memory alone. */
  readonly file?: string;
  /** How often `$SYS/broker/` is brought up to date, in s; 0 switches it off. Default 10. */
  readonly systemTopicsEveryS?: number;
  /** Told what fails inside: a taker that rejects, a store that breaks. The broker goes on. */
  readonly onError?: (error: Error) => void;
}

/** How often clocks are looked at, in ms: keep alive, time-outs, expiry. */
const CHECK_MS = 500;
/** Time clients have to take our good-bye when the broker closes, in ms. */
const GOODBYE_MS = 500;
/** Publishes inside publishes: from here on the next one waits for the next turn, so that a loop ends no process. */
const MOST_NESTED = 32;

/** An embedded MQTT 3.1, 3.1.1 and 5 broker; opens no port, {@link Broker.handle} is given the connections. */
export async function openBroker(options: BrokerOptions = {}): Promise<Broker> {
  const { authorize = authorizeByIdentity, authenticate, authMethods = [], file } = options;
  const { discreet = false, redirect = () => undefined, onError = () => undefined } = options;
  const limits = { ...BROKER_LIMITS, ...options.limits };
  const durable = file === undefined ? undefined : await openDurable(file, onError);
  const store = durable ?? memoryStore;
  const core = new BrokerCore({ authorize, authenticate, authMethods, redirect, discreet, limits, store, onError });
  if (durable !== undefined) restore(durable, core);
  const system = new SystemTopics(core);
  const { systemTopicsEveryS = 10 } = options;
  // After what the sockets hold was read: when this process stood still, that is no silence of the clients.
  const timers = [setInterval(() => setImmediate(() => check(core)), CHECK_MS)];
  if (systemTopicsEveryS > 0) {
    system.tell();
    timers.push(setInterval(() => system.tell(), systemTopicsEveryS * 1000));
  }
  for (const timer of timers) timer.unref();
  let closing: Promise<void> | undefined;
  let nested = 0;

  const mustBeOpen = (): void => {
    if (closing !== undefined) throw new Fault('LINK_CLOSED', { url: 'the embedded broker' });
  };
  const publish = (message: LivePublish, waits: Promise<void>[]): number => {
    const { topic, properties } = message;
    const problem =
      topicProblem(topic) ??
      core.depthProblem(topic) ??
      (properties === undefined ? undefined : propertiesProblem(properties));
    if (problem !== undefined) throw new Fault('MESSAGE_INVALID', { problem });
    mustBeOpen();
    if (nested >= MOST_NESTED) {
      setImmediate(() => core.publish(ownMessage(message), undefined, []));
      return 0;
    }
    nested += 1;
    try {
      return core.publish(ownMessage(message), undefined, waits);
    } finally {
      nested -= 1;
    }
  };
  const listen = (filter: string, take: InnerSubscriber['take']): { subscriber: InnerSubscriber; end: () => void } => {
    const problem = topicFilterProblem(filter) ?? core.depthProblem(filter);
    if (problem !== undefined) throw new Fault('SETTINGS_INVALID', { problems: problem });
    mustBeOpen();
    const subscriber = new InnerSubscriber(filter, take);
    const subscription: Subscription = {
      owner: subscriber,
      name: filter,
      filter,
      group: undefined,
      qos: 2,
      noLocal: false,
      retainAsPublished: true,
      id: 0,
    };
    core.exchange.tree.add(subscription);
    return {
      subscriber,
      end: () => {
        if (subscriber.ended) return;
        subscriber.ended = true;
        core.exchange.tree.remove(subscription);
      },
    };
  };

  const broker: Broker = {
    clients: core.clients,
    get counts() {
      const { published, delivered, refused, dropped, bytesReceived, bytesSent } = core.counters;
      const { count: retained, bytes: retainedBytes } = core.retained;
      const subscriptions = core.exchange.tree.count;
      const sessions = core.sessions.all.size;
      return {
        published,
        delivered,
        refused,
        dropped,
        bytesReceived,
        bytesSent,
        subscriptions,
        sessions,
        retained,
        retainedBytes,
      };
    },
    onClient: (listener) => core.listen(listener),
    handle(socket: Duplex, identity?: string): void {
      if (socket.destroyed || closing !== undefined || core.pending >= limits.maxPendingConnections) {
        socket.on('error', () => undefined);
        socket.destroy();
        return;
      }
      if (socket instanceof Socket) socket.setNoDelay(); // an acknowledgement must not wait for the next one
      core.connections.add(new Connection(core, socket, identity));
    },
    async publish(message) {
      const waits: Promise<void>[] = [];
      publish(livePublishOf(message), waits);
      await Promise.all(waits);
      if (store.unsaved) await new Promise<void>((resolve) => store.whenSafe(resolve));
    },
    publishNow: (message) => publish(message, []),
    attach(filter, take, { retained = true } = {}) {
      const { subscriber, end } = listen(filter, take);
      if (retained) for (const message of core.retained.snapshot(filter)) core.exchange.give(subscriber, message, []);
      return end;
    },
    async subscribe(filter, take) {
      const { subscriber, end } = listen(filter, (message) => take(receivedMessageOf(message)));
      for (const message of core.retained.snapshot(filter)) {
        const waits: Promise<void>[] = [];
        // One that was replaced meanwhile has been heard already.
        if (core.retained.holds(message)) core.exchange.give(subscriber, message, waits);
        await Promise.all(waits);
      }
      return async () => end();
    },
    *sessions() {
      for (const session of core.sessions.all.values()) yield sessionReport(core, session);
    },
    *retained(filter): Iterable<LiveMessage> {
      yield* core.retained.match(filter);
    },
    kick(clientId, { forget = false, to } = {}) {
      const session = core.sessions.all.get(clientId);
      if (session === undefined) return false;
      if (to === undefined) core.connectionOf(clientId)?.end(0x98, 'an operator ended the connection');
      else {
        const code = to.forGood === true ? reasonCode.serverMoved : reasonCode.useAnotherServer;
        const reason = `the server for this client is ${to.server}`;
        core.connectionOf(clientId)?.end(code, reason, { serverReference: to.server });
      }
      if (forget && core.sessions.all.get(clientId) === session) core.sessions.end(session);
      return true;
    },
    close() {
      closing ??= end(core, timers);
      return closing;
    },
    [Symbol.asyncDispose]: () => broker.close(),
  };
  return broker;
}

/** Loaded only where it is wanted: SQLite comes with Node.js 22.13 and later. */
async function openDurable(file: string, onError: (error: Error) => void): Promise<DurableStore> {
  const { DurableStore } = await import('./durable-store.ts');
  return new DurableStore(file, onError);
}

function check(core: BrokerCore): void {
  const now = performance.now();
  for (const connection of core.connections) connection.check(now);
  core.retained.forgetExpired();
}

/** Clients are told (MQTT 5: 0x8B, server shutting down) as far as their sockets take it; then every socket ends. */
async function end(core: BrokerCore, timers: readonly NodeJS.Timeout[]): Promise<void> {
  for (const timer of timers) clearInterval(timer);
  core.closing = true;
  const gone = [...core.connections].map((connection) => {
    const { socket } = connection;
    const closed = new Promise<void>((resolve) => socket.once('close', resolve));
    if (socket.writableNeedDrain) socket.destroy();
    else connection.end(0x8b, 'the broker shuts down');
    return closed;
  });
  const lag = setTimeout(() => {
    for (const { socket } of core.connections) socket.destroy();
  }, GOODBYE_MS);
  await Promise.all(gone);
  clearTimeout(lag);
  core.sessions.close();
  core.store[Symbol.dispose]();
}
