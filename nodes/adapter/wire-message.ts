import type { Message, ReceivedMessage } from '../../src/endpoint/message.ts';
import { Fault } from '../../src/fault.ts';
import type { FlowMessage } from './message.ts';

/** Property that carries when a message left, in ms since 1970. */
export const SENT_AT = 'sent-at';

/** `msg` as it goes over a link: objects as JSON, text as UTF-8, user properties as they are. Throws MESSAGE_INVALID. */
export function toWire(message: FlowMessage, sentAt?: number): Message {
  const { payload, contentType } = bodyOf(message);
  return {
    topic: typeof message.topic === 'string' ? message.topic : '',
    payload,
    ...(contentType !== undefined && { contentType }),
    properties: { ...propertiesOf(message), ...(sentAt !== undefined && { [SENT_AT]: sentAt.toFixed(3) }) },
  };
}

/** A received message as `msg`, with the names the core nodes use. */
export function fromWire({ topic, payload, contentType, properties, from }: ReceivedMessage): FlowMessage {
  return {
    topic,
    payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
    ...(contentType !== undefined && { contentType }),
    userProperties: properties ?? {},
    from,
  };
}

function bodyOf({ payload, contentType }: FlowMessage): { payload: Uint8Array; contentType?: string } {
  const said = typeof contentType === 'string' ? { contentType } : {};
  if (payload instanceof Uint8Array) return { payload, ...said };
  if (payload === undefined) return { payload: new Uint8Array(), ...said };
  if (typeof payload === 'string') return { payload: Buffer.from(payload), contentType: 'text/plain', ...said };
  try {
    return { payload: Buffer.from(JSON.stringify(payload)), contentType: 'application/json', ...said };
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: 'the payload cannot be written as JSON' }, { cause: error });
  }
}

function propertiesOf({ userProperties }: FlowMessage): Record<string, string> {
  if (typeof userProperties !== 'object' || userProperties === null) return {};
  return Object.fromEntries(
    Object.entries(userProperties).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}
