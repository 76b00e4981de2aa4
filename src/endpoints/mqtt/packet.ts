import type { IClientPublishOptions, IPublishPacket } from 'mqtt';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';

type PublishProperties = NonNullable<IClientPublishOptions['properties']>;

/** Content type and properties as MQTT 5 carries them (MQTT 5, 3.3.2.3). */
export function propertiesOf({ contentType, properties }: Message): PublishProperties {
  return {
    ...(contentType === undefined ? {} : { contentType }),
    // For an empty record mqtt-packet writes no packet at all.
    ...(properties === undefined || Object.keys(properties).length === 0 ? {} : { userProperties: { ...properties } }),
  };
}

/** The message in a PUBLISH. A user property that is repeated keeps its last value. */
export function messageOf(packet: IPublishPacket, from: string): ReceivedMessage {
  const { contentType, userProperties } = packet.properties ?? {};
  const message = { topic: packet.topic, payload: bytesOf(packet.payload), from };
  return {
    ...message,
    ...(contentType === undefined ? {} : { contentType }),
    ...(userProperties === undefined ? {} : { properties: textsOf(userProperties) }),
  };
}

/** Bytes a PUBLISH takes beside its payload, at most. */
export function overheadBytes({ topic, contentType = '', properties = {} }: Message): number {
  const texts = [topic, contentType, ...Object.entries(properties).flat()];
  // Each text has a length of 2 bytes and each property a code of 1; fixed header, packet id and property length take at most 11.
  return texts.reduce((sum, text) => sum + 3 + Buffer.byteLength(text), 11);
}

function bytesOf(payload: string | Buffer): Uint8Array {
  return typeof payload === 'string' ? Buffer.from(payload) : payload;
}

function textsOf(userProperties: Readonly<Record<string, string | string[]>>): Record<string, string> {
  const texts = Object.entries(userProperties).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    Array.isArray(value) ? (value.at(-1) ?? '') : value,
  ]);
  return Object.fromEntries(texts.filter(([name]) => name !== '__proto__'));
}
