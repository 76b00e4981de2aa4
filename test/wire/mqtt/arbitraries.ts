import * as fc from 'fast-check';
import { mayCarry, noProperties, packetType, type PacketName } from '../../../src/wire/mqtt/index.ts';
import type { Packet, Properties, ProtocolLevel, ReasonPacket, Will } from '../../../src/wire/mqtt/index.ts';
import {
  holderBit,
  propertyRows,
  type PropertyHolder,
  type PropertyRow,
} from '../../../src/wire/mqtt/property-table.ts';
import type { AnyPacket } from './collect.ts';

export const levels: readonly ProtocolLevel[] = [3, 4, 5];

const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.replaceAll('\0', '0'));
const topic = fc
  .oneof(text, fc.constantFrom('a/b', 'sensors/0001/temperature', '/', '\uFEFFx', 'ä'.repeat(80), 'long/'.repeat(40)))
  .map((value) => value.replaceAll(/[+#]/g, '/') || 'a');
const filter = fc.oneof(topic, fc.constantFrom('#', '+', 'a/+/b', 'a/#', '+/+/#', '$share/group/a/+', '/+'));
const binary = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const payload = fc.oneof(
  binary,
  fc.integer({ min: 100, max: 20_000 }).map((size) => Buffer.alloc(size, size)),
);
const packetId = fc.integer({ min: 1, max: 0xffff });
const qos = fc.constantFrom(0 as const, 1 as const, 2 as const);
const uint16 = fc.integer({ min: 1, max: 0xffff });
const uint32 = fc.integer({ min: 1, max: 0xffff_ffff });

/** Any packet the standard lets the far side of `side` send at `level`. */
export function packetTo(side: 'server' | 'client', level: ProtocolLevel): fc.Arbitrary<AnyPacket> {
  const names = (Object.keys(packetType) as PacketName[]).filter((name) => mayCome(name, side, level));
  return fc.constantFrom(...names).chain((name) => packetNamed(name, side, level));
}

function mayCome(name: PacketName, side: 'server' | 'client', level: ProtocolLevel): boolean {
  if (name === 'connect' || name === 'connack') return false;
  if (name === 'auth') return level === 5;
  if (side === 'server') return !['suback', 'unsuback', 'pingresp'].includes(name);
  if (name === 'disconnect') return level === 5;
  return !['subscribe', 'unsubscribe', 'pingreq'].includes(name);
}

function packetNamed(name: PacketName, side: 'server' | 'client', level: ProtocolLevel): fc.Arbitrary<AnyPacket> {
  const reason = (packet: ReasonPacket): fc.Arbitrary<number> =>
    level === 5
      ? fc.constantFrom(...Array.from({ length: 256 }, (_, code) => code).filter((code) => mayCarry(packet, code)))
      : fc.constant(0);
  const reasons = (packet: ReasonPacket): fc.Arbitrary<number[]> =>
    level === 5
      ? fc.array(reason(packet), { minLength: 1, maxLength: 4 })
      : packet === 'suback'
        ? fc.array(fc.constantFrom(0, 1, 2, 0x80), { minLength: 1, maxLength: 4 })
        : fc.constant([]);
  const properties = propertiesOf(name === 'pingreq' || name === 'pingresp' ? 'auth' : name, level, side);
  switch (name) {
    case 'connect':
      return connect(level);
    case 'connack':
      return connack(level);
    case 'publish':
      return record({ topic, payload, qos, retain: fc.boolean(), dup: fc.boolean(), packetId, properties }).map(
        (each) => ({ ...each, type: 'publish', ...(each.qos === 0 ? { dup: false, packetId: 0 } : {}) }),
      );
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return record({ type: fc.constant(name), packetId, reasonCode: reason(name), properties });
    case 'subscribe': {
      const off = fc.constant(false);
      const subscription = record({
        topicFilter: filter,
        qos,
        noLocal: level === 5 ? fc.boolean() : off,
        retainAsPublished: level === 5 ? fc.boolean() : off,
        retainHandling: level === 5 ? fc.constantFrom(0 as const, 1 as const, 2 as const) : fc.constant(0 as const),
      }).map((each) => ({ ...each, noLocal: each.noLocal && !each.topicFilter.startsWith('$share/') }));
      const subscriptions = fc.array(subscription, { minLength: 1, maxLength: 4 });
      return record({ type: fc.constant(name), packetId, subscriptions, properties });
    }
    case 'unsubscribe':
      return record({
        type: fc.constant(name),
        packetId,
        topicFilters: fc.array(filter, { minLength: 1, maxLength: 4 }),
        properties,
      });
    case 'suback':
    case 'unsuback':
      return record({ type: fc.constant(name), packetId, reasonCodes: reasons(name), properties });
    case 'pingreq':
    case 'pingresp':
      return fc.constant({ type: name });
    case 'disconnect':
      return record({ type: fc.constant(name), reasonCode: reason(name), properties });
    case 'auth':
      return record({ type: fc.constant(name), reasonCode: reason(name), properties }).map((each) => ({
        ...each,
        properties: { authenticationMethod: 'm', ...each.properties },
      }));
  }
}

/** Any CONNECT of the standard. */
export function connect(level: ProtocolLevel): fc.Arbitrary<Packet & { type: 'connect' }> {
  const will: fc.Arbitrary<Will> = record({
    topic,
    payload: binary,
    qos,
    retain: fc.boolean(),
    properties: propertiesOf('will', level, 'server'),
  });
  const login = fc.oneof(
    fc.constant({ username: undefined, password: undefined }),
    record({ username: text, password: fc.constant(undefined) }),
    record({ username: text, password: binary }),
  );
  return record({
    type: fc.constant('connect' as const),
    level: fc.constant(level),
    clientId: text,
    cleanStart: fc.boolean(),
    keepAlive: fc.integer({ min: 0, max: 0xffff }),
    will: fc.option(will, { nil: undefined }),
    properties: propertiesOf('connect', level, 'server'),
    login,
  }).map(({ login, ...each }) => ({ ...each, ...login, clientId: each.clientId || 'id' }));
}

/** Any CONNACK of the standard. */
export function connack(level: ProtocolLevel): fc.Arbitrary<Packet & { type: 'connack' }> {
  const code =
    level === 5 ? fc.constantFrom(0, 0x80, 0x81, 0x84, 0x85, 0x87, 0x8a, 0x95, 0x9f) : fc.integer({ min: 0, max: 5 });
  const properties = propertiesOf('connack', level, 'client');
  return record({
    type: fc.constant('connack' as const),
    sessionPresent: fc.boolean(),
    reasonCode: code,
    properties,
  }).map((each) => ({ ...each, sessionPresent: each.sessionPresent && each.reasonCode === 0 }));
}

function propertiesOf(
  holder: PropertyHolder,
  level: ProtocolLevel,
  side: 'server' | 'client',
): fc.Arbitrary<Properties> {
  if (level < 5) return fc.constant(noProperties);
  const rows = propertyRows.filter((row) => (row.holders & holderBit[holder]) !== 0 && mayBeSent(row, holder, side));
  const some = rows.map((row) => [row.name, fc.option(valueOf(row, holder), { nil: undefined, freq: 1 })] as const);
  return record(Object.fromEntries(some)).map((values: Record<string, unknown>) => {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    const properties: Record<string, unknown> = Object.fromEntries(given);
    if (properties['authenticationMethod'] === undefined) delete properties['authenticationData'];
    return properties;
  });
}

function mayBeSent({ name }: PropertyRow, holder: PropertyHolder, side: 'server' | 'client'): boolean {
  if (name === 'topicAlias') return false;
  if (holder === 'publish' && name === 'subscriptionIdentifiers') return side === 'client';
  return !(holder === 'disconnect' && name === 'sessionExpiryInterval' && side === 'client');
}

function valueOf({ name, kind }: PropertyRow, holder: PropertyHolder): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'flag':
      return name === 'maximumQos' ? fc.constantFrom(0, 1) : fc.boolean();
    case 'uint16':
      return uint16;
    case 'uint32':
      return uint32;
    case 'varint':
      return fc.array(fc.integer({ min: 1, max: 268_435_455 }), {
        minLength: 1,
        maxLength: holder === 'publish' ? 3 : 1,
      });
    case 'string':
      return name === 'responseTopic' ? topic : text;
    case 'binary':
      return binary;
    case 'pair':
      return fc
        .uniqueArray(text, { minLength: 1, maxLength: 3 })
        .chain((names) =>
          fc.tuple(
            ...names.map((name) =>
              fc
                .array(text, { minLength: 1, maxLength: 2 })
                .map((values) => values.map((value) => [`k${name}`, value])),
            ),
          ),
        )
        .map((pairs) => pairs.flat());
  }
}

function record<Fields>(fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> }): fc.Arbitrary<Fields> {
  return fc.record(fields, { noNullPrototype: true }) as fc.Arbitrary<Fields>;
}
