import { isUtf8 } from 'node:buffer';
import { Fault } from '../fault.ts';
import { FormError, parseForm } from './form-fields.ts';

/** The media type of a content-type header, in lower case and without parameters; '' when there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
  if (contentType === undefined) return '';
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** Media types of `application` whose bytes are no text. */
const BYTES = new Set(['application/octet-stream', 'application/cbor', 'application/x-protobuf']);

/**
 * What a body is for a flow: JSON and forms as values, text as text, all else as bytes, as the core nodes have it. Throws
 * MESSAGE_INVALID.
 */
export function parseBody(contentType: string | undefined, body: Buffer): unknown {
  const type = mediaTypeOf(contentType);
  if (type === 'application/json' || type.endsWith('+json')) return parseJson(body);
  if (type === 'application/x-www-form-urlencoded') return parseFields(body);
  if (type === '' || type.startsWith('text/') || type.endsWith('/xml') || type.endsWith('+xml')) return body.toString();
  if (!type.startsWith('application/') || BYTES.has(type)) return body;
  return isUtf8(body) ? body.toString() : body;
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  if (!isUtf8(body)) throw new Fault('MESSAGE_INVALID', { problem: 'the JSON is not UTF-8' });
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: 'the body is not JSON' }, { cause: error });
  }
}

function parseFields(body: Buffer): unknown {
  try {
    return parseForm(body.toString());
  } catch (error) {
    if (!(error instanceof FormError)) throw error;
    throw new Fault('MESSAGE_INVALID', { problem: `the form cannot be read: ${error.message}` }, { cause: error });
  }
}
