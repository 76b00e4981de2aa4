import { hash } from 'node:crypto';
import type { Message } from '../endpoint/message.ts';

/** What makes a message the same as another: all but the payload and content type may be absent. */
export type Identified = Pick<Message, 'payload'> & Partial<Pick<Message, 'topic' | 'contentType' | 'properties'>>;

/** Ids are kept by the thousand: a longer one is replaced by its hash. */
const LONGEST_ID = 128;

/**
 * The id the sender gave: properties `device` and `sequence`, with `session` (a new one at each start of the device, so
 * that counting from 0 again is no repetition). Undefined when it gave none.
 */
export function givenId({ properties }: Identified): string | undefined {
  const device = properties?.['device'];
  const sequence = properties?.['sequence'];
  if (device === undefined || sequence === undefined) return undefined;
  const id = JSON.stringify([device, sequence, properties?.['session'] ?? null]);
  return id.length > LONGEST_ID ? `sha256 ${hash('sha256', id, 'base64url')}` : id;
}

/** SHA-256 of topic, content type and payload: the same content is the same message. */
export function contentId({ topic = '', contentType = '', payload }: Identified): string {
  const head = JSON.stringify([topic, contentType]);
  return `content ${hash('sha256', Buffer.concat([Buffer.from(head), payload]), 'base64url')}`;
}
