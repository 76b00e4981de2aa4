import type { ProtocolLevel } from './packet.ts';
import type { Problem } from './packet-reader.ts';
import { packetType, type PacketName } from './packet-types.ts';
import { reasonCode } from './reason-codes.ts';

/** What the side that reads knows of its connection. */
export interface Connection {
  readonly toServer: boolean;
  /** CONNECT, or CONNACK, has come. */
  readonly opened: boolean;
  /** Unknown on a server until CONNECT. */
  readonly level: ProtocolLevel | undefined;
}

/** Why a packet with this first byte may not come now (MQTT 5.0 sections 2.1 and 3); undefined when it may. */
export function headerProblem(first: number, { toServer, opened, level }: Connection): Problem | undefined {
  const type = first >> 4;
  if (type === 0) return malformed('packet type 0');
  // Those of CONNECT have to wait for the level it names.
  const waits = toServer && !opened && type === packetType.connect;
  if (type !== packetType.publish && !waits) {
    const problem = flagsProblem(first, level);
    if (problem !== undefined) return problem;
  }
  const opening = type === (toServer ? packetType.connect : packetType.connack);
  if (opening && opened) return protocolError('the packet comes a second time');
  const authenticating = !toServer && type === packetType.auth;
  if (!opening && !opened && !authenticating) return protocolError('another packet has to come first');
  if ((toServer ? fromClient : fromServer)[type] !== true)
    return protocolError('the far side may not send this packet');
  const newer = type === packetType.auth || (!toServer && type === packetType.disconnect);
  if (newer && level !== 5) return protocolError('the far side may not send this packet before MQTT 5.0');
  return undefined;
}

const withFlag2 = typesOf('pubrel', 'subscribe', 'unsubscribe');
const both = ['publish', 'puback', 'pubrec', 'pubrel', 'pubcomp', 'disconnect', 'auth'] as const;
const fromClient = typesOf('connect', 'subscribe', 'unsubscribe', 'pingreq', ...both);
const fromServer = typesOf('connack', 'suback', 'unsuback', 'pingresp', ...both);

/** Why a packet other than PUBLISH may not have these flags. MQTT 3.1 does not use most of those that are reserved since 3.1.1 (MQTT 3.1, 2.1 and 3). */
export function flagsProblem(first: number, level: ProtocolLevel | undefined): Problem | undefined {
  const atQos1 = withFlag2[first >> 4] === true;
  const flags = first & (level === 3 ? (atQos1 ? 0x06 : 0) : 0x0f);
  return flags === (atQos1 ? 2 : 0) ? undefined : malformed('reserved flags of the fixed header are set');
}

function typesOf(...names: readonly PacketName[]): readonly boolean[] {
  const types: readonly number[] = names.map((name) => packetType[name]);
  return Array.from({ length: 16 }, (_, type) => types.includes(type));
}

function malformed(text: string): Problem {
  return { reasonCode: reasonCode.malformedPacket, text };
}

function protocolError(text: string): Problem {
  return { reasonCode: reasonCode.protocolError, text };
}
