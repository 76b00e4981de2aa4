import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import type { Properties, PublishView } from '../../wire/mqtt/index.ts';

/** Content type and properties as MQTT 5 carries them (MQTT 5, 3.3.2.3); undefined when there are none. */
export function propertiesOf({ contentType, properties = {} }: Message): Properties | undefined {
  const userProperties = Object.entries(properties);
  if (contentType === undefined && userProperties.length === 0) return undefined;
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(userProperties.length === 0 ? {} : { userProperties }),
  };
}

/** The message in a PUBLISH, with a payload of its own. A user property that is repeated keeps its last value. */
export function messageOf(view: PublishView, from: string): ReceivedMessage {
  const message = { topic: view.topic, payload: payloadOf(view), from };
  if (view.propertiesStart === view.propertiesEnd) return message;
  const { contentType, userProperties } = view.properties;
  return {
    ...message,
    ...(contentType === undefined ? {} : { contentType }),
    ...(userProperties === undefined ? {} : { properties: textsOf(userProperties) }),
  };
}

/** Who keeps a small part of a chunk keeps all of it: then a copy takes less. */
export function payloadOf({ payload, payloadLength, bytes }: PublishView): Buffer {
  return payloadLength * 2 < bytes.buffer.byteLength ? Buffer.from(payload) : payload;
}

/** User properties by their names in lower case. */
export function textsOf(userProperties: NonNullable<Properties['userProperties']>): Record<string, string> {
  const texts = userProperties.map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  return Object.fromEntries(texts.filter(([name]) => name !== '__proto__'));
}
