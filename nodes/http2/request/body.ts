import { stringify } from 'node:querystring';
import { Fault } from '../../../src/fault.ts';
import { formData } from './form-data.ts';
import type { Headers } from './headers.ts';

/** The payload as the body of a request; says its content type where nobody has. Throws MESSAGE_INVALID. */
export function bodyOf(payload: unknown, headers: Headers): Uint8Array | undefined {
  if (payload === undefined) return undefined;
  if (payload instanceof Uint8Array) return payload;
  if (typeof payload === 'string') return Buffer.from(payload);
  if (typeof payload === 'number') return Buffer.from(String(payload));
  const mediaType = headers.get('content-type')?.toString().split(';')[0]!.trim().toLowerCase();
  if (typeof payload === 'object' && payload !== null) {
    if (mediaType === 'multipart/form-data') {
      const { body, contentType } = formData(payload as Record<string, unknown>);
      headers.set('Content-Type', contentType);
      return body;
    }
    if (mediaType === 'application/x-www-form-urlencoded')
      return Buffer.from(stringify(payload as Record<string, string>));
  }
  try {
    const text = JSON.stringify(payload);
    if (mediaType === undefined) headers.set('Content-Type', 'application/json');
    return Buffer.from(text);
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: 'the payload cannot be written as JSON' }, { cause: error });
  }
}
