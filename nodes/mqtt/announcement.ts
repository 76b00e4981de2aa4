import type { Announcement } from '../../src/endpoints/mqtt/index.ts';
import type { Properties } from '../../src/wire/mqtt/index.ts';
import { qosOf } from './qos.ts';

/** A birth, close or will message as settings or a message give it. */
export interface AnnouncementSettings {
  readonly topic?: unknown;
  readonly payload?: unknown;
  readonly qos?: unknown;
  readonly retain?: unknown;
  readonly contentType?: unknown;
  /** Pairs, or an object of texts. */
  readonly userProperties?: unknown;
  readonly responseTopic?: unknown;
  readonly correlationData?: unknown;
  readonly expiry?: unknown;
  readonly delay?: unknown;
}

/** The message, or undefined when it has no topic. Each property stands on its own. Throws MESSAGE_INVALID for a wrong QoS. */
export function announcementOf(
  settings: AnnouncementSettings,
): (Announcement & { properties: Properties }) | undefined {
  const { topic, payload, qos, retain, contentType, responseTopic, correlationData, expiry, delay } = settings;
  if (typeof topic !== 'string' || topic === '') return undefined;
  const userProperties = pairsOf(settings.userProperties);
  const properties: Properties = {
    ...(isText(contentType) && { contentType }),
    ...(isText(responseTopic) && { responseTopic }),
    ...(isBytes(correlationData) && { correlationData: bytesOf(correlationData) }),
    ...(Number(expiry ?? 0) > 0 && { messageExpiryInterval: Number(expiry) }),
    ...(Number(delay ?? 0) > 0 && { willDelayInterval: Number(delay) }),
    ...(userProperties.length > 0 && { userProperties }),
  };
  return {
    topic,
    payload: bytesOf(payload),
    qos: qosOf(qos ?? 0),
    retain: retain === true || retain === 'true',
    properties,
  };
}

/** User properties as the wire has them: of rows with name and value, or of an object whose values are texts or lists of texts. */
export function pairsOf(value: unknown): [string, string][] {
  if (Array.isArray(value)) {
    return value.flatMap((row: unknown): [string, string][] => {
      const { name, value: text } = Object(row) as { name?: unknown; value?: unknown };
      return typeof name === 'string' && name !== '' ? [[name, typeof text === 'string' ? text : '']] : [];
    });
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, text]: [string, unknown]): [string, string][] =>
    (Array.isArray(text) ? text : [text]).flatMap((each: unknown): [string, string][] =>
      typeof each === 'string' ? [[name, each]] : [],
    ),
  );
}

/** Text as UTF-8, bytes as they are, anything else as JSON; nothing for what is not there. */
export function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (value === undefined || value === null) return new Uint8Array();
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const isBytes = (value: unknown): boolean => isText(value) || value instanceof Uint8Array;
