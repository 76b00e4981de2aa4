import { noProperties } from '../../src/wire/mqtt/index.ts';
import { textsByName } from './user-properties.ts';
import type { PayloadType } from '../adapter/payload-type.ts';
import { decodePayload } from '../adapter/decode-payload.ts';
import type { FlowMessage } from '../adapter/message.ts';
import type { Arrived, MqttSide } from './side.ts';

/**
 * What came in as `msg`, with the names of the core node. Plain messages all have the same keys in the same order; what MQTT 5
 * adds stands behind them where it was said. What a flow does to the payload is seen by nobody else.
 */
export function flowMessageOf(
  arrived: Arrived,
  { from, direct, local }: Pick<MqttSide, 'from' | 'direct' | 'local'>,
): FlowMessage {
  const message: FlowMessage = {
    topic: arrived.topic,
    payload: ownBytes(arrived.payload, direct),
    qos: arrived.qos,
    retain: arrived.retain,
    from,
  };
  // So does the core node: a topic for a flow to remember when it has put another in its place.
  if (local) message['_topic'] = arrived.topic;
  const { properties } = arrived;
  if (properties === noProperties) return message;
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

/** Who keeps a part of a socket's chunk keeps all of it. Up to that many times the payload that costs less than a copy of it. */
const MOST_KEPT = 8;

/** Inside this process the same bytes go to every subscriber, and stay with the broker where they are retained or wait. */
function ownBytes(payload: Buffer, isShared: boolean): Buffer {
  return isShared || payload.length * MOST_KEPT < payload.buffer.byteLength ? Buffer.from(payload) : payload;
}
