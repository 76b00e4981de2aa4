import { encodeProperties } from './encode-properties.ts';
import type { Connect, Packet, ProtocolLevel, Subscription } from './packet.ts';
import { PacketBytes } from './packet-bytes.ts';
import { packetType } from './packet-types.ts';
import type { Properties } from './properties.ts';

/** The bytes of any packet but PUBLISH and its answers. Values have to fit their fields; a RangeError says which does not. */
export function encodePacket(packet: Packet, level: ProtocolLevel): Buffer {
  const body = new PacketBytes();
  putBody(body, packet, level);
  const flags = packet.type === 'subscribe' || packet.type === 'unsubscribe' ? 2 : 0;
  const bytes = new PacketBytes();
  bytes.byte((packetType[packet.type] << 4) | flags).varint(body.length);
  return bytes.raw(body.take()).take();
}

function putBody(body: PacketBytes, packet: Packet, level: ProtocolLevel): void {
  switch (packet.type) {
    case 'connect':
      putConnect(body, packet);
      return;
    case 'connack':
      body.byte(packet.sessionPresent ? 1 : 0).byte(packet.reasonCode);
      putProperties(body, packet.properties, level);
      return;
    case 'subscribe':
      body.uint16(packet.packetId);
      putProperties(body, packet.properties, level);
      for (const each of packet.subscriptions) body.string(each.topicFilter).byte(optionsOf(each, level));
      return;
    case 'unsubscribe':
      body.uint16(packet.packetId);
      putProperties(body, packet.properties, level);
      for (const topicFilter of packet.topicFilters) body.string(topicFilter);
      return;
    case 'suback':
    case 'unsuback':
      body.uint16(packet.packetId);
      putProperties(body, packet.properties, level);
      if (packet.type === 'suback' || level === 5) for (const code of packet.reasonCodes) body.byte(code);
      return;
    case 'disconnect':
    case 'auth':
      if (level === 5) putReason(body, packet.reasonCode, packet.properties);
      return;
    case 'pingreq':
    case 'pingresp':
  }
}

function putConnect(body: PacketBytes, packet: Connect): void {
  const { level, will, username, password } = packet;
  const flags =
    (packet.cleanStart ? 0x02 : 0) |
    (will === undefined ? 0 : 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0)) |
    (password === undefined ? 0 : 0x40) |
    (username === undefined ? 0 : 0x80);
  body
    .string(level === 3 ? 'MQIsdp' : 'MQTT')
    .byte(level)
    .byte(flags)
    .uint16(packet.keepAlive);
  putProperties(body, packet.properties, level);
  body.string(packet.clientId);
  if (will !== undefined) {
    putProperties(body, will.properties, level);
    body.string(will.topic).binary(will.payload);
  }
  if (username !== undefined) body.string(username);
  if (password !== undefined) body.binary(password);
}

/** Both may be left out when they say nothing, MQTT 5.0 sections 3.14.2 and 3.15.2. */
function putReason(body: PacketBytes, code: number, properties: Properties): void {
  const bytes = encodeProperties(properties);
  if (code === 0 && bytes.length === 0) return;
  body.byte(code);
  if (bytes.length > 0) body.varint(bytes.length).raw(bytes);
}

function putProperties(body: PacketBytes, properties: Properties, level: ProtocolLevel): void {
  if (level < 5) return;
  const bytes = encodeProperties(properties);
  body.varint(bytes.length).raw(bytes);
}

function optionsOf({ qos, noLocal, retainAsPublished, retainHandling }: Subscription, level: ProtocolLevel): number {
  if (level < 5) return qos;
  return qos | (noLocal ? 0x04 : 0) | (retainAsPublished ? 0x08 : 0) | (retainHandling << 4);
}
