import { isLoopback } from '../address.ts';
import { reasonCode, type Connect, type Properties } from '../wire/mqtt/index.ts';
import type { Login } from './admit.ts';
import type { BrokerCore } from './broker-core.ts';
import type { Connection } from './connection.ts';
import { grantedOf } from './granted.ts';
import { RateLimit } from './rate-limit.ts';
import { willOf } from './wills.ts';

/** Why a CONNECT is not taken. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  /** Where else the client may go (MQTT 5, 4.11). */
  readonly serverReference?: string;
}

/** What the authentication of a client came to. */
interface Proved {
  readonly login?: Login;
  /** For its CONNACK. */
  readonly properties?: Properties;
}

/** Lets a client in whose identity is known, or turns it away (MQTT 5, 3.1.4). */
export function enter(connection: Connection, connect: Connect, { login, properties: proof }: Proved): void {
  const { core } = connection;
  const { limits } = core;
  connection.identity ??= login?.identity;
  const { clientId, expirySeconds, keepAlive, connack } = grantedOf(limits, connect, proof);
  const refusal = strangerOf(connection) ?? refusalOf(core, connect, clientId, connection.identity);
  if (refusal !== undefined) {
    turnAway(connection, refusal, clientId);
    return;
  }
  if (!connection.outlet.writer.fits(connack)) {
    const reason = 'it takes no packets as large as CONNACK';
    turnAway(connection, { code: reasonCode.packetTooLarge, reason }, clientId);
    return;
  }
  core.takeOver(clientId);
  const { session, resumed } = core.sessions.open(clientId, connection.identity, connect.cleanStart, expirySeconds);
  if (resumed) core.dropForbidden(session);
  connection.session = session;
  connection.resumed = resumed;
  connection.will = willOf(connect);
  core.store.will(session, connection.will, 0);
  connection.longestSilenceMs = keepAlive * 1500;
  if (limits.maxPublishesPerSecond > 0) connection.rate = new RateLimit(limits.maxPublishesPerSecond);
  connection.client = { clientId, identity: connection.identity, connectedAt: Date.now() };
  connection.outlet.open(
    Math.min(connect.properties.receiveMaximum ?? 65_535, limits.maxOutFlight),
    Math.min(connect.properties.topicAliasMaximum ?? 0, limits.maxTopicAliases),
  );
  // MQTT 3.1 has no such flag.
  connection.outlet.writer.packet({ ...connack, sessionPresent: resumed && connect.level > 3 });
  connection.opened(connect.level === 5 ? limits.maxTopicAliases : 0);
  core.connected(connection);
  session.attach(connection.outlet);
  session.pump();
}

/** Answers a CONNECT with a refusal, counted and told. */
export function turnAway(
  connection: Connection,
  refusal: Refusal,
  clientId = connection.connect?.clientId ?? '',
): void {
  connection.client = { clientId, identity: connection.identity, connectedAt: Date.now() };
  connection.core.refused(connection, refusal.reason);
  connection.refuse(refusal);
}

/** Who is neither known nor on this machine; with an `authenticate` of his own, an operator decides himself. */
function strangerOf({ core, identity, socket }: Connection): Refusal | undefined {
  if (core.authenticate !== undefined || identity !== undefined) return undefined;
  // A connection that came over no network is this machine's.
  const address = 'remoteAddress' in socket ? socket.remoteAddress : undefined;
  if (isLoopback(typeof address === 'string' ? address : 'localhost')) return undefined;
  return { code: reasonCode.notAuthorized, reason: 'a client of another machine needs a certificate' };
}

/** A session belongs to the identity that opened it: nobody else can take it over by its client id. */
function refusalOf(
  { limits, sessions, clients, redirect }: BrokerCore,
  { will }: Connect,
  clientId: string,
  identity: string | undefined,
): Refusal | undefined {
  const wrongId = (reason: string): Refusal => ({ code: reasonCode.clientIdentifierNotValid, reason });
  if (Buffer.byteLength(clientId) > limits.maxClientIdBytes)
    return wrongId(`the client id has more than ${limits.maxClientIdBytes} bytes`);
  if (/\p{Cc}/u.test(clientId)) return wrongId('the client id holds control characters');
  const kept = sessions.all.get(clientId);
  if (kept !== undefined && kept.identity !== identity)
    return wrongId(`the client id ${clientId} belongs to another identity`);
  const elsewhere = redirect(clientId, identity);
  if (elsewhere !== undefined) {
    const { server: serverReference, forGood } = elsewhere;
    const code = forGood === true ? reasonCode.serverMoved : reasonCode.useAnotherServer;
    return { code, reason: `the server for this client is ${serverReference}`, serverReference };
  }
  if (will !== undefined && will.qos > limits.maxQos)
    return { code: reasonCode.qosNotSupported, reason: `the will has a QoS above ${limits.maxQos}` };
  if (will?.retain === true && limits.maxRetained === 0)
    return { code: reasonCode.retainNotSupported, reason: 'the broker retains no messages' };
  const full = (what: string): Refusal => ({
    code: reasonCode.quotaExceeded,
    reason: `the limit of ${what} is reached`,
  });
  if (!clients.has(clientId) && clients.size >= limits.maxConnections)
    return full(`${limits.maxConnections} connections`);
  if (kept === undefined && sessions.all.size >= limits.maxClients) return full(`${limits.maxClients} clients`);
  return undefined;
}
