import { randomUUID } from 'node:crypto';
import type { Connack, Connect, Properties } from '../wire/mqtt/index.ts';
import type { BrokerLimits } from './broker-limits.ts';

/** What a client gets of what its CONNECT asks for. */
export interface Granted {
  readonly clientId: string;
  readonly expirySeconds: number;
  readonly keepAlive: number;
  /** To say so to the client; its session flag says nothing yet. */
  readonly connack: Connack;
}

/** `proof` is what the authentication of the client adds to CONNACK. */
export function grantedOf(limits: Required<BrokerLimits>, connect: Connect, proof: Properties | undefined): Granted {
  const { level, cleanStart, properties } = connect;
  const clientId = connect.clientId === '' ? randomUUID() : connect.clientId;
  const asked = level === 5 ? (properties.sessionExpiryInterval ?? 0) : cleanStart ? 0 : Infinity;
  const expirySeconds = Math.min(asked, limits.maxSessionSeconds);
  const keepAlive = keepAliveOf(limits, connect);
  const told: Properties = {
    ...(expirySeconds !== asked && { sessionExpiryInterval: expirySeconds }),
    receiveMaximum: limits.maxInFlight,
    maximumPacketSize: limits.maxPacketBytes,
    ...(limits.maxQos < 2 && { maximumQos: limits.maxQos === 0 ? 0 : 1 }),
    ...(limits.maxRetained === 0 && { retainAvailable: false }),
    ...(connect.clientId === '' && { assignedClientIdentifier: clientId }),
    ...(limits.maxTopicAliases > 0 && { topicAliasMaximum: limits.maxTopicAliases }),
    ...(keepAlive !== connect.keepAlive && { serverKeepAlive: keepAlive }),
    ...(properties.requestResponseInformation === true && { responseInformation: `response/${clientId}` }),
    ...proof,
  };
  const connack: Connack = { type: 'connack', sessionPresent: false, reasonCode: 0, properties: told };
  return { clientId, expirySeconds, keepAlive, connack };
}

/** MQTT 5 clients are told to speak more often; older ones cannot be told. */
function keepAliveOf({ maxKeepAliveSeconds }: Required<BrokerLimits>, { level, keepAlive }: Connect): number {
  if (level < 5 || maxKeepAliveSeconds === 0) return keepAlive;
  return keepAlive === 0 || keepAlive > maxKeepAliveSeconds ? maxKeepAliveSeconds : keepAlive;
}
