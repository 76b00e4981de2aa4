import { textsByName } from './user-properties.ts';
import type { PayloadType } from '../adapter/payload-type.ts';
import { decodePayload } from '../adapter/decode-payload.ts';
import type { FlowMessage } from '../adapter/message.ts';
import type { Arrived } from './side.ts';

/**
 * What came in as `msg`, with the names of the core node. Plain messages all have the same keys in the same order; what MQTT 5
 * adds stands behind them where it was said. The payload is bytes of its own.
 */
export function flowMessageOf(arrived: Arrived, from: string): FlowMessage {
  const message: FlowMessage = {
    topic: arrived.topic,
    payload: ownBytes(arrived.payload),
    qos: arrived.qos,
    retain: arrived.retain,
    from,
  };
  const { properties } = arrived;
  for (const name of CARRIED) if (properties[name] !== undefined) message[name] = properties[name];
  const { correlationData, userProperties, subscriptionIdentifiers: ids } = properties;
  if (correlationData !== undefined) message['correlationData'] = Buffer.from(correlationData);
  if (userProperties !== undefined) message.userProperties = textsByName(userProperties);
  if (ids !== undefined) message['subscriptionIdentifier'] = ids.length === 1 ? ids[0] : ids;
  return message;
}

/** Makes of the payload what the node's settings say. Throws MESSAGE_INVALID. */
export function decode(message: FlowMessage, datatype: PayloadType): void {
  message.payload = decodePayload(datatype, message);
}

const CARRIED = [
  'responseTopic',
  'contentType',
  'messageExpiryInterval',
  'payloadFormatIndicator',
  'topicAlias',
] as const;

/** Who keeps a small part of a socket's chunk keeps all of it: then a copy takes less. */
function ownBytes(payload: Buffer): Buffer {
  return payload.length * 2 < payload.buffer.byteLength ? Buffer.from(payload) : payload;
}
