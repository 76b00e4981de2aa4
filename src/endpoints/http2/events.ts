import { isTexts } from '../../endpoint/is-texts.ts';
import type { Message } from '../../endpoint/message.ts';
import { isRecord } from '../../is-record.ts';

/**
 * One message as a server-sent event (HTML standard, 9.2): a JSON envelope with the payload in base64, so that any
 * bytes pass a text stream.
 */
export function eventOf({ topic, contentType, properties, payload }: Message): string {
  const base64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
  return `data: ${JSON.stringify({ topic, contentType, properties, payload: base64 })}\n\n`;
}

/** The message of one event; undefined when it is none of ours. */
export function findMessage(data: string): Message | undefined {
  const envelope = findRecord(data);
  if (typeof envelope?.['topic'] !== 'string' || typeof envelope['payload'] !== 'string') return undefined;
  const { topic, contentType, properties } = envelope;
  const message = { topic, payload: Buffer.from(envelope['payload'], 'base64') };
  return {
    ...message,
    ...(typeof contentType === 'string' ? { contentType } : {}),
    ...(isTexts(properties) ? { properties } : {}),
  };
}

type Envelope = Readonly<Record<string, unknown>>;

function findRecord(text: string): Envelope | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
