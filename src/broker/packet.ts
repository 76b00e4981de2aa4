import type { AedesPublishPacket, PublishPacket } from 'aedes';
import type { ReceivedMessage } from '../endpoint/message.ts';
import type { BrokerMessage } from './broker.ts';

/** The MQTT packet of a message; properties and content type reach MQTT 5 subscribers only. */
export function packetOf(message: BrokerMessage): PublishPacket {
  const { topic, payload, qos = 0, retain = false, contentType, properties } = message;
  return {
    cmd: 'publish',
    topic,
    payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
    qos,
    retain,
    dup: false,
    properties: {
      ...(contentType === undefined ? {} : { contentType }),
      // For an empty record mqtt-packet writes no packet at all.
      ...(properties === undefined || Object.keys(properties).length === 0
        ? {}
        : { userProperties: { ...properties } }),
    },
  };
}

/** The message of an MQTT packet. Of a user property sent more than once the first counts. */
export function messageOf(packet: AedesPublishPacket, from: string): ReceivedMessage {
  const { contentType, userProperties } = packet.properties ?? {};
  const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
  return {
    topic: packet.topic,
    payload,
    from,
    ...(contentType === undefined ? {} : { contentType }),
    ...(userProperties === undefined ? {} : { properties: firstValues(userProperties) }),
  };
}

function firstValues(properties: Readonly<Record<string, string | string[]>>): Record<string, string> {
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(properties)) {
    const first = Array.isArray(value) ? value[0] : value;
    if (first !== undefined) entries.push([name.toLowerCase(), first]);
  }
  return Object.fromEntries(entries);
}
