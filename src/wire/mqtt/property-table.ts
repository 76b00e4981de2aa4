import type { PacketName } from './packet-types.ts';
import type { Properties } from './properties.ts';

/** `flag` is a byte of 0 or 1, `pair` two strings. */
export type PropertyKind = 'flag' | 'uint16' | 'uint32' | 'varint' | 'string' | 'binary' | 'pair';

/** What may hold properties: a packet, or the will inside a CONNECT. */
export type PropertyHolder = Exclude<PacketName, 'pingreq' | 'pingresp'> | 'will';

export interface PropertyRow {
  readonly id: number;
  readonly name: keyof Properties;
  readonly kind: PropertyKind;
  /** One bit of `holderBit` for each. */
  readonly holders: number;
  /** 0 is a protocol error. */
  readonly notZero: boolean;
}

export const holderBit: Readonly<Record<PropertyHolder, number>> = {
  connect: 0x0001,
  connack: 0x0002,
  publish: 0x0004,
  will: 0x0008,
  puback: 0x0010,
  pubrec: 0x0020,
  pubrel: 0x0040,
  pubcomp: 0x0080,
  subscribe: 0x0100,
  suback: 0x0200,
  unsubscribe: 0x0400,
  unsuback: 0x0800,
  disconnect: 0x1000,
  auth: 0x2000,
};

const answers: readonly PropertyHolder[] = ['puback', 'pubrec', 'pubrel', 'pubcomp'];
const messages: readonly PropertyHolder[] = ['publish', 'will'];
const handshake: readonly PropertyHolder[] = ['connect', 'connack'];
const everything = Object.keys(holderBit) as PropertyHolder[];

/** MQTT 5.0 table 2-4. */
export const propertyRows: readonly PropertyRow[] = [
  row(0x01, 'payloadFormatIndicator', 'flag', messages),
  row(0x02, 'messageExpiryInterval', 'uint32', messages),
  row(0x03, 'contentType', 'string', messages),
  row(0x08, 'responseTopic', 'string', messages),
  row(0x09, 'correlationData', 'binary', messages),
  row(0x0b, 'subscriptionIdentifiers', 'varint', ['publish', 'subscribe'], true),
  row(0x11, 'sessionExpiryInterval', 'uint32', [...handshake, 'disconnect']),
  row(0x12, 'assignedClientIdentifier', 'string', ['connack']),
  row(0x13, 'serverKeepAlive', 'uint16', ['connack']),
  row(0x15, 'authenticationMethod', 'string', [...handshake, 'auth']),
  row(0x16, 'authenticationData', 'binary', [...handshake, 'auth']),
  row(0x17, 'requestProblemInformation', 'flag', ['connect']),
  row(0x18, 'willDelayInterval', 'uint32', ['will']),
  row(0x19, 'requestResponseInformation', 'flag', ['connect']),
  row(0x1a, 'responseInformation', 'string', ['connack']),
  row(0x1c, 'serverReference', 'string', ['connack', 'disconnect']),
  row(0x1f, 'reasonString', 'string', ['connack', ...answers, 'suback', 'unsuback', 'disconnect', 'auth']),
  row(0x21, 'receiveMaximum', 'uint16', handshake, true),
  row(0x22, 'topicAliasMaximum', 'uint16', handshake),
  row(0x23, 'topicAlias', 'uint16', ['publish'], true),
  row(0x24, 'maximumQos', 'flag', ['connack']),
  row(0x25, 'retainAvailable', 'flag', ['connack']),
  row(0x26, 'userProperties', 'pair', everything),
  row(0x27, 'maximumPacketSize', 'uint32', handshake, true),
  row(0x28, 'wildcardSubscriptionAvailable', 'flag', ['connack']),
  row(0x29, 'subscriptionIdentifiersAvailable', 'flag', ['connack']),
  row(0x2a, 'sharedSubscriptionAvailable', 'flag', ['connack']),
];

/** Undefined for an id the standard does not know. */
export function propertyById(id: number): PropertyRow | undefined {
  return byId[id];
}

const byId: readonly (PropertyRow | undefined)[] = Array.from({ length: 0x2b }, (_, id) =>
  propertyRows.find((row) => row.id === id),
);

function row(
  id: number,
  name: keyof Properties,
  kind: PropertyKind,
  holders: readonly PropertyHolder[],
  notZero = false,
): PropertyRow {
  return { id, name, kind, holders: holders.reduce((bits, holder) => bits | holderBit[holder], 0), notZero };
}
