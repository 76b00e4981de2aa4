import type { ReceivedMessage } from '../endpoint/message.ts';
import { encodeProperties, type Properties } from '../wire/mqtt/index.ts';
import type { BrokerMessage, LiveMessage, LivePublish } from './broker.ts';
import { Message } from './message.ts';

/** Who published what the process itself did. */
const OWN = 'broker';

/** A message of the process; properties and content type reach MQTT 5 subscribers only. */
export function ownMessage({ topic, payload, qos = 0, retain = false, properties = {} }: LivePublish): Message {
  const { messageExpiryInterval, topicAlias: _alias, subscriptionIdentifiers: _ids, ...passedOn } = properties;
  const expiresAt = messageExpiryInterval === undefined ? 0 : Date.now() + messageExpiryInterval * 1000;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  return new Message(topic, bytes, qos, retain, encodeProperties(passedOn), expiresAt, OWN);
}

export function livePublishOf({ contentType, properties, ...rest }: BrokerMessage): LivePublish {
  const own: Properties = {
    ...(contentType !== undefined && { contentType }),
    ...(properties !== undefined && { userProperties: Object.entries(properties) }),
  };
  return { ...rest, properties: own };
}

/** As endpoints know it. Of a user property sent more than once the first counts. */
export function receivedMessageOf({ topic, payload, from, properties }: LiveMessage): ReceivedMessage {
  const { contentType, userProperties } = properties;
  return {
    topic,
    payload,
    from,
    ...(contentType !== undefined && { contentType }),
    ...(userProperties !== undefined && { properties: firstValues(userProperties) }),
  };
}

function firstValues(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    if (!values.has(key)) values.set(key, value);
  }
  return Object.fromEntries(values);
}
