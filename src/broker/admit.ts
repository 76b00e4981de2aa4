import { randomUUID } from 'node:crypto';
import { isLoopback } from '../address.ts';
import { encodeProperties, reasonCode, type Connect, type Properties } from '../wire/mqtt/index.ts';
import type { BrokerCore } from './broker-core.ts';
import type { Connection } from './connection.ts';
import { Message } from './message.ts';
import { RateLimit } from './rate-limit.ts';
import type { Will } from './wills.ts';

/** Longest client identifier taken, in characters. */
const MAX_CLIENT_ID_LENGTH = 256;

/** Says under which identity a client goes on whose certificate names none. */
export interface Login {
  readonly identity: string;
}

/** Checks a user name and password; `identity` is the verified certificate subject. */
export type Authenticate = (
  identity: string | undefined,
  username: string | undefined,
  password: string | undefined,
) => boolean | Login | Promise<boolean | Login>;

interface Refusal {
  readonly code: number;
  readonly reason: string;
}

/** Decides on a CONNECT (MQTT 5, 3.1.4) and answers it. What comes behind it waits meanwhile. */
export function admit(connection: Connection, connect: Connect): void {
  const { core, identity } = connection;
  const { authenticate } = core;
  if (connect.properties.authenticationMethod !== undefined) {
    refuse(connection, { code: reasonCode.badAuthenticationMethod, reason: 'the broker knows no such method' });
    return;
  }
  if (authenticate === undefined) {
    enter(connection, connect, true);
    return;
  }
  const password = connect.password === undefined ? undefined : Buffer.from(connect.password).toString();
  let answer: ReturnType<typeof authenticate>;
  try {
    answer = authenticate(identity, connect.username, password);
  } catch (error) {
    answer = Promise.reject(error);
  }
  if (!(answer instanceof Promise)) {
    enter(connection, connect, answer);
    return;
  }
  connection.hold(
    answer.then(
      (login) => connection.state === 'admitting' && enter(connection, connect, login),
      (error: unknown) => {
        core.onError(error instanceof Error ? error : new Error(String(error)));
        if (connection.state === 'admitting')
          refuse(connection, { code: reasonCode.serverUnavailable, reason: 'the login could not be checked' });
      },
    ),
  );
}

function enter(connection: Connection, connect: Connect, login: boolean | Login): void {
  const { core } = connection;
  if (typeof login === 'object') connection.identity ??= login.identity;
  const clientId = connect.clientId === '' ? randomUUID() : connect.clientId;
  const refusal =
    login === false
      ? { code: reasonCode.badUserNameOrPassword, reason: 'wrong user name or password' }
      : (strangerOf(connection) ?? refusalOf(core, clientId, connection.identity));
  if (refusal !== undefined) {
    refuse(connection, refusal, clientId);
    return;
  }
  const { limits } = core;
  const { properties } = connect;
  const asked = connect.level === 5 ? (properties.sessionExpiryInterval ?? 0) : connect.cleanStart ? 0 : Infinity;
  const expirySeconds = Math.min(asked, limits.maxSessionSeconds);
  core.takeOver(clientId);
  const { session, resumed } = core.sessions.open(clientId, connection.identity, connect.cleanStart, expirySeconds);
  if (resumed) core.dropForbidden(session);
  const keepAlive = keepAliveOf(core, connect);
  connection.session = session;
  connection.will = willOf(connect, session.sender);
  connection.longestSilenceMs = keepAlive * 1500;
  if (limits.maxPublishesPerSecond > 0) connection.rate = new RateLimit(limits.maxPublishesPerSecond);
  connection.client = { clientId, identity: connection.identity, connectedAt: Date.now() };
  connection.outlet.speak(
    connect.level,
    Math.min(properties.receiveMaximum ?? 65_535, limits.maxOutFlight),
    properties.maximumPacketSize,
    Math.min(properties.topicAliasMaximum ?? 0, limits.maxTopicAliases),
  );
  const told: Properties = {
    ...(expirySeconds !== asked && { sessionExpiryInterval: expirySeconds }),
    receiveMaximum: limits.maxInFlight,
    maximumPacketSize: limits.maxPacketBytes,
    ...(connect.clientId === '' && { assignedClientIdentifier: clientId }),
    ...(limits.maxTopicAliases > 0 && { topicAliasMaximum: limits.maxTopicAliases }),
    ...(keepAlive !== connect.keepAlive && { serverKeepAlive: keepAlive }),
    ...(properties.requestResponseInformation === true && { responseInformation: `response/${clientId}` }),
  };
  // MQTT 3.1 has no such flag.
  connection.outlet.writer.packet({
    type: 'connack',
    sessionPresent: resumed && connect.level > 3,
    reasonCode: 0,
    properties: told,
  });
  connection.opened(connect.level === 5 ? limits.maxTopicAliases : 0);
  core.connected(connection);
  session.attach(connection.outlet);
  session.pump();
}

function refuse(
  connection: Connection,
  { code, reason }: Refusal,
  clientId = connection.connect?.clientId ?? '',
): void {
  connection.client = { clientId, identity: connection.identity, connectedAt: Date.now() };
  connection.core.refused(connection, reason);
  connection.outlet.writer.level = connection.connect!.level;
  connection.refuse(code, reason);
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
  { limits, sessions }: BrokerCore,
  clientId: string,
  identity: string | undefined,
): Refusal | undefined {
  if (clientId.length > MAX_CLIENT_ID_LENGTH || /\p{Cc}/u.test(clientId)) {
    return {
      code: reasonCode.clientIdentifierNotValid,
      reason: 'the client id is too long or holds control characters',
    };
  }
  const kept = sessions.all.get(clientId);
  if (kept !== undefined && kept.identity !== identity) {
    return {
      code: reasonCode.clientIdentifierNotValid,
      reason: `the client id ${clientId} belongs to another identity`,
    };
  }
  if (kept !== undefined || sessions.all.size < limits.maxClients) return undefined;
  return { code: reasonCode.serverUnavailable, reason: `the limit of ${limits.maxClients} clients is reached` };
}

/** MQTT 5 clients are told to speak more often; older ones cannot be told. */
function keepAliveOf({ limits }: BrokerCore, { level, keepAlive }: Connect): number {
  const { maxKeepAliveSeconds } = limits;
  if (level < 5 || maxKeepAliveSeconds === 0) return keepAlive;
  return keepAlive === 0 || keepAlive > maxKeepAliveSeconds ? maxKeepAliveSeconds : keepAlive;
}

function willOf({ will }: Connect, sender: string): Will | undefined {
  if (will === undefined) return undefined;
  const { willDelayInterval = 0, messageExpiryInterval, ...rest } = will.properties;
  const payload = Buffer.from(will.payload);
  const passedOn = encodeProperties(rest);
  return {
    delaySeconds: willDelayInterval,
    message: () => {
      // The expiry runs from the publication (MQTT 5, 3.1.3.2.4).
      const expiresAt = messageExpiryInterval === undefined ? 0 : Date.now() + messageExpiryInterval * 1000;
      return new Message(will.topic, payload, will.qos, will.retain, passedOn, expiresAt, sender);
    },
  };
}
