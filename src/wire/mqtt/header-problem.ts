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
  if (type !== packetType.publish && flagsOf(first, level) !== (withFlag2[type] === true ? 2 : 0)) {
    return malformed('reserved flags of the fixed header are set');
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

/** MQTT 3.1 has a DUP flag where the later standards have a reserved bit (MQTT 3.1, 3.6, 3.8 and 3.10). */
function flagsOf(first: number, level: ProtocolLevel | undefined): number {
  return level === 3 && withFlag2[first >> 4] === true ? first & 0x07 : first & 0x0f;
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
