import { decodeConnect } from './decode-connect.ts';
import type { Auth, Connack, Disconnect, Packet, ProtocolLevel, Qos, Subscription } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import type { PacketName } from './packet-types.ts';
import { noProperties, type Properties } from './properties.ts';
import { mayCarry, reasonCode, type ReasonPacket } from './reason-codes.ts';
import { takeProperties } from './take-properties.ts';
import { sharedFilter, topicFilterProblem } from './topic-rules.ts';

export type RareName = Exclude<PacketName, 'publish' | 'puback' | 'pubrec' | 'pubrel' | 'pubcomp'>;

/** Decodes the body of every packet but PUBLISH and its answers. It means something only while the reader has no `problem`. */
export function decodePacket(reader: PacketReader, name: RareName, level: ProtocolLevel, toServer: boolean): Packet {
  const packet = decoders[name](reader, level, toServer);
  reader.finish();
  return packet;
}

/** The reason code at the reader, checked against the packet's own list. */
export function takeReason(reader: PacketReader, packet: ReasonPacket): number {
  const code = reader.byte();
  if (!mayCarry(packet, code)) reader.fail(reasonCode.protocolError, 'the reason code does not belong here');
  return code;
}

/** The packet id at the reader. */
export function takePacketId(reader: PacketReader): number {
  const packetId = reader.uint16();
  if (packetId === 0) reader.fail(reasonCode.protocolError, 'the packet identifier is 0');
  return packetId;
}

type Decode = (reader: PacketReader, level: ProtocolLevel, toServer: boolean) => Packet;

const decoders: Readonly<Record<RareName, Decode>> = {
  connect: (reader) => decodeConnect(reader),
  connack,
  subscribe(reader, level) {
    const packetId = takePacketId(reader);
    const properties = takeProperties(reader, level, 'subscribe');
    const subscriptions: Subscription[] = [];
    do subscriptions.push(subscription(reader, level));
    while (!reader.done);
    return { type: 'subscribe', packetId, subscriptions, properties };
  },
  suback(reader, level) {
    const packetId = takePacketId(reader);
    const properties = takeProperties(reader, level, 'suback');
    const reasonCodes: number[] = [];
    do reasonCodes.push(level === 5 ? takeReason(reader, 'suback') : granted(reader));
    while (!reader.done);
    return { type: 'suback', packetId, reasonCodes, properties };
  },
  unsubscribe(reader, level) {
    const packetId = takePacketId(reader);
    const properties = takeProperties(reader, level, 'unsubscribe');
    const topicFilters: string[] = [];
    do topicFilters.push(takeFilter(reader));
    while (!reader.done);
    return { type: 'unsubscribe', packetId, topicFilters, properties };
  },
  unsuback(reader, level) {
    const packetId = takePacketId(reader);
    const properties = takeProperties(reader, level, 'unsuback');
    const reasonCodes: number[] = [];
    if (level === 5) {
      do reasonCodes.push(takeReason(reader, 'unsuback'));
      while (!reader.done);
    }
    return { type: 'unsuback', packetId, reasonCodes, properties };
  },
  pingreq: () => ({ type: 'pingreq' }),
  pingresp: () => ({ type: 'pingresp' }),
  disconnect(reader, level, toServer) {
    const packet: Disconnect = { type: 'disconnect', ...reasonAndProperties(reader, level, 'disconnect') };
    if (!toServer && packet.properties.sessionExpiryInterval !== undefined) {
      reader.fail(reasonCode.protocolError, 'a server sets a session expiry interval in DISCONNECT');
    }
    return packet;
  },
  auth(reader, level) {
    const packet: Auth = { type: 'auth', ...reasonAndProperties(reader, level, 'auth') };
    if (packet.reasonCode !== 0 && packet.properties.authenticationMethod === undefined) {
      reader.fail(reasonCode.protocolError, 'AUTH without an authentication method');
    }
    return packet;
  },
};

function connack(reader: PacketReader, level: ProtocolLevel): Connack {
  const flags = reader.byte();
  // MQTT 3.1 does not use this byte.
  if (flags > 1 && level > 3) reader.fail(reasonCode.malformedPacket, 'reserved flags of CONNACK are set');
  const code = level === 5 ? takeReason(reader, 'connack') : reader.byte();
  if (level < 5 && code > 5) reader.fail(reasonCode.protocolError, 'the return code is not known');
  if (flags === 1 && level > 3 && code !== 0) reader.fail(reasonCode.protocolError, 'a refusal with a session present');
  const properties = takeProperties(reader, level, 'connack');
  return { type: 'connack', sessionPresent: flags === 1, reasonCode: code, properties };
}

function reasonAndProperties(
  reader: PacketReader,
  level: ProtocolLevel,
  packet: 'disconnect' | 'auth',
): { reasonCode: number; properties: Properties } {
  if (level < 5 || reader.done) return { reasonCode: 0, properties: noProperties };
  const code = takeReason(reader, packet);
  const properties = reader.done ? noProperties : takeProperties(reader, level, packet);
  return { reasonCode: code, properties };
}

function subscription(reader: PacketReader, level: ProtocolLevel): Subscription {
  const topicFilter = takeFilter(reader);
  const options = reader.byte();
  const qos = (options & 0x03) as Qos;
  const retainHandling = ((options >> 4) & 0x03) as 0 | 1 | 2;
  const noLocal = (options & 0x04) !== 0;
  if ((options & (level === 5 ? 0xc0 : 0xfc)) !== 0) {
    reader.fail(reasonCode.malformedPacket, 'reserved subscription options are set');
  }
  if ((options & 0x03) === 3) reader.fail(reasonCode.malformedPacket, 'a subscription asks for QoS 3');
  if (options >> 4 === 3) reader.fail(reasonCode.protocolError, 'retain handling is 3');
  if (noLocal && sharedFilter(topicFilter) !== undefined) {
    reader.fail(reasonCode.protocolError, 'a shared subscription with no local');
  }
  return { topicFilter, qos, noLocal, retainAsPublished: (options & 0x08) !== 0, retainHandling };
}

function takeFilter(reader: PacketReader): string {
  const filter = reader.string();
  if (reader.problem !== undefined) return filter;
  const problem = topicFilterProblem(filter);
  if (problem !== undefined) reader.fail(reasonCode.malformedPacket, problem);
  return filter;
}

function granted(reader: PacketReader): number {
  const code = reader.byte();
  if (code > 2 && code !== 0x80) reader.fail(reasonCode.protocolError, 'the return code is not known');
  return code;
}
