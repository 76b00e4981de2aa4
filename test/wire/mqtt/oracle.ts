import { generate, parser, type Packet as OraclePacket } from 'mqtt-packet';
import { noProperties, type Properties, type ProtocolLevel } from '../../../src/wire/mqtt/index.ts';
import type { AnyPacket } from './collect.ts';

/** The bytes mqtt-packet makes of one of our packets. */
export function oracleEncode(packet: AnyPacket, level: ProtocolLevel): Buffer {
  return generate(toOracle(packet, level), { protocolVersion: level });
}

/** The packets mqtt-packet finds in bytes, in our form. */
export function oracleDecode(bytes: Buffer, level: ProtocolLevel): AnyPacket[] {
  const packets: AnyPacket[] = [];
  const parsing = parser({ protocolVersion: level });
  parsing.on('packet', (packet) => packets.push(fromOracle(packet, level)));
  parsing.on('error', (error: Error) => {
    throw error;
  });
  parsing.parse(bytes);
  return packets;
}

type Loose = Record<string, unknown>;

function toOracle(packet: AnyPacket, level: ProtocolLevel): OraclePacket {
  const fields = { ...fieldsToOracle(packet, level), cmd: packet.type };
  return withProperties(fields, propertiesIn(packet), level) as unknown as OraclePacket;
}

function propertiesIn(packet: AnyPacket): { properties: Properties | undefined } {
  return { properties: 'properties' in packet ? packet.properties : undefined };
}

function fieldsToOracle(packet: AnyPacket, level: ProtocolLevel): Loose {
  switch (packet.type) {
    case 'connect': {
      const { clientId, cleanStart: clean, keepAlive: keepalive, username, password, will } = packet;
      const given = {
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
        ...(will === undefined ? {} : { will: withProperties({ ...will }, will, level) }),
      };
      return {
        clientId,
        clean,
        keepalive,
        ...given,
        protocolId: level === 3 ? 'MQIsdp' : 'MQTT',
        protocolVersion: level,
      };
    }
    case 'connack':
      return { sessionPresent: packet.sessionPresent, reasonCode: packet.reasonCode, returnCode: packet.reasonCode };
    case 'publish': {
      const { topic, payload, qos, retain, dup, packetId } = packet;
      return { topic, payload, qos, retain, dup, ...(qos === 0 ? {} : { messageId: packetId }) };
    }
    case 'subscribe': {
      const subscriptions = packet.subscriptions.map((each) => ({
        topic: each.topicFilter,
        qos: each.qos,
        ...(level < 5 ? {} : { nl: each.noLocal, rap: each.retainAsPublished, rh: each.retainHandling }),
      }));
      return { messageId: packet.packetId, subscriptions };
    }
    case 'unsubscribe':
      return { messageId: packet.packetId, unsubscriptions: [...packet.topicFilters] };
    case 'suback':
    case 'unsuback':
      return { messageId: packet.packetId, granted: [...packet.reasonCodes] };
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return { messageId: packet.packetId, reasonCode: packet.reasonCode };
    case 'disconnect':
    case 'auth':
      return { reasonCode: packet.reasonCode };
    case 'pingreq':
    case 'pingresp':
      return {};
  }
}

function withProperties(
  fields: Loose,
  { properties }: { properties?: Properties | undefined },
  level: ProtocolLevel,
): Loose {
  const { properties: _, ...rest } = fields;
  if (level < 5 || properties === undefined) return rest;
  const { userProperties, subscriptionIdentifiers, maximumQos, ...same } = properties;
  const users: Record<string, string[]> = {};
  for (const [name, value] of userProperties ?? []) (users[name] ??= []).push(value);
  return {
    ...rest,
    properties: {
      ...same,
      ...(userProperties === undefined ? {} : { userProperties: users }),
      ...(maximumQos === undefined ? {} : { maximumQoS: maximumQos }),
      ...(subscriptionIdentifiers === undefined ? {} : { subscriptionIdentifier: subscriptionIdentifiers }),
    },
  };
}

function fromOracle(found: OraclePacket, level: ProtocolLevel): AnyPacket {
  const packet = found as unknown as Loose;
  const properties = propertiesOf(packet);
  const packetId = Number(packet['messageId'] ?? 0);
  const reasonCode = Number(packet['reasonCode'] ?? packet['returnCode'] ?? 0);
  switch (found.cmd) {
    case 'connect': {
      const { clientId, username, password } = found;
      const will = packet['will'] as (Loose & { payload: Buffer }) | undefined;
      return {
        type: 'connect',
        level,
        clientId,
        cleanStart: found.clean!,
        keepAlive: found.keepalive!,
        username,
        password,
        will:
          will === undefined
            ? undefined
            : ({
                topic: will['topic'],
                payload: will.payload,
                qos: will['qos'],
                retain: will['retain'],
                properties: propertiesOf(will),
              } as never),
        properties,
      };
    }
    case 'connack':
      return { type: 'connack', sessionPresent: found.sessionPresent, reasonCode, properties };
    case 'publish': {
      const { topic, payload, qos, retain, dup } = found;
      return { type: 'publish', topic, payload: payload as Buffer, qos, retain, dup, packetId, properties };
    }
    case 'subscribe': {
      const subscriptions = found.subscriptions.map((each) => ({
        topicFilter: each.topic,
        qos: each.qos,
        noLocal: each.nl ?? false,
        retainAsPublished: each.rap ?? false,
        retainHandling: (each.rh ?? 0) as 0 | 1 | 2,
      }));
      return { type: 'subscribe', packetId, subscriptions, properties };
    }
    case 'unsubscribe':
      return { type: 'unsubscribe', packetId, topicFilters: found.unsubscriptions, properties };
    case 'suback':
    case 'unsuback':
      return { type: found.cmd, packetId, reasonCodes: (found.granted ?? []) as number[], properties };
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return { type: found.cmd, packetId, reasonCode, properties };
    case 'disconnect':
    case 'auth':
      return { type: found.cmd, reasonCode, properties };
    case 'pingreq':
    case 'pingresp':
      return { type: found.cmd };
  }
}

function propertiesOf({ properties }: Loose): Properties {
  if (properties === undefined) return noProperties;
  const { userProperties, subscriptionIdentifier, maximumQoS, ...same } = properties as Loose;
  const users = Object.entries((userProperties ?? {}) as Record<string, string | string[]>);
  const pairs = users.flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const));
  return {
    ...same,
    ...(userProperties === undefined ? {} : { userProperties: pairs }),
    ...(maximumQoS === undefined ? {} : { maximumQos: maximumQoS as 0 | 1 }),
    ...(subscriptionIdentifier === undefined
      ? {}
      : { subscriptionIdentifiers: [subscriptionIdentifier].flat() as number[] }),
  };
}
