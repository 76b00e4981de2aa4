import type { PublishOptions, Qos } from '../../src/endpoints/mqtt/index.ts';
import { Fault } from '../../src/fault.ts';
import type { Properties } from '../../src/wire/mqtt/index.ts';
import type { FlowMessage } from '../adapter/message.ts';
import { bytesOf, pairsOf } from './announcement.ts';

/** What `msg` is on the wire: an object as JSON, text as UTF-8. Throws MESSAGE_INVALID. */
export function payloadOf({ payload }: FlowMessage): Uint8Array {
  if (payload instanceof Uint8Array) return payload;
  if (typeof payload === 'string') return Buffer.from(payload);
  try {
    return bytesOf(payload);
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: 'the payload cannot be written as JSON' }, { cause: error });
  }
}

/** What a node says of each message, where its settings say it; the names of the core node's settings. */
export interface OutSettings {
  readonly contentType: string;
  readonly userProps: readonly { readonly name: string; readonly value: string }[];
  readonly respTopic: string;
  readonly correl: string;
  readonly expiry: number;
}

/** Properties that the settings alone make; undefined when there are none. */
export function fixedProperties({
  contentType,
  userProps,
  respTopic,
  correl,
  expiry,
}: OutSettings): Properties | undefined {
  const userProperties = pairsOf(userProps);
  const properties: Properties = {
    ...(contentType !== '' && { contentType }),
    ...(respTopic !== '' && { responseTopic: respTopic }),
    ...(correl !== '' && { correlationData: Buffer.from(correl) }),
    ...(expiry > 0 && { messageExpiryInterval: expiry }),
    ...(userProperties.length > 0 && { userProperties }),
  };
  return Object.keys(properties).length === 0 ? undefined : properties;
}

/** Properties of one message: the node's settings before `msg`, as in the core node. Undefined when there are none. Throws MESSAGE_INVALID. */
export function propertiesOf(
  message: FlowMessage,
  fixed: Properties | undefined,
  isReply: boolean,
): Properties | undefined {
  const own = ownProperties(message, isReply);
  if (own === undefined) return fixed;
  if (fixed === undefined) return own;
  return { ...own, ...fixed };
}

function ownProperties(message: FlowMessage, isReply: boolean): Properties | undefined {
  const { contentType, payload, userProperties } = message;
  const { responseTopic, correlationData, messageExpiryInterval, payloadFormatIndicator, topicAlias } = message;
  const isPlain = payload instanceof Uint8Array || typeof payload === 'string';
  if (
    isPlain &&
    contentType === undefined &&
    userProperties === undefined &&
    responseTopic === undefined &&
    correlationData === undefined &&
    messageExpiryInterval === undefined &&
    payloadFormatIndicator === undefined &&
    topicAlias === undefined
  ) {
    return undefined;
  }
  const pairs = pairsOf(userProperties);
  const type =
    typeof contentType === 'string' ? contentType : isPlain || payload === undefined ? undefined : 'application/json';
  return {
    ...(type !== undefined && { contentType: type }),
    // A reply goes to the response topic; it asks for none itself.
    ...(!isReply && typeof responseTopic === 'string' && responseTopic !== '' && { responseTopic }),
    ...(correlationData !== undefined && { correlationData: bytesOf(correlationData) }),
    ...(messageExpiryInterval !== undefined && {
      messageExpiryInterval: figure('messageExpiryInterval', messageExpiryInterval, 0, 4_294_967_295),
    }),
    ...(payloadFormatIndicator !== undefined && {
      payloadFormatIndicator: payloadFormatIndicator === true || payloadFormatIndicator === 1,
    }),
    ...(topicAlias !== undefined && { topicAlias: figure('topicAlias', topicAlias, 1, 65_535) }),
    ...(pairs.length > 0 && { userProperties: pairs }),
  };
}

/** What a message, or else nobody, says about quality and retaining: one object for each pair, none for each message. */
export function publishOptions(qos: Qos, retain: boolean, properties: Properties | undefined): PublishOptions {
  if (properties !== undefined) return { qos, retain, properties };
  return PLAIN[qos * 2 + Number(retain)]!;
}

const PLAIN: readonly PublishOptions[] = ([0, 1, 2] as const).flatMap((qos) => [
  { qos, retain: false },
  { qos, retain: true },
]);

function figure(name: string, value: unknown, min: number, max: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && number <= max) return number;
  throw new Fault('MESSAGE_INVALID', { problem: `msg.${name} must be a whole number from ${min} to ${max}` });
}
