import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http2';
import type { Message } from '../../endpoint/message.ts';

/** Properties travel as headers of this prefix. */
const PREFIX = 'cw-';

/** The path a topic is posted to: each level percent-encoded (RFC 3986, 3.3) below the far side's path. */
export function pathOfTopic(base: string, topic: string): string {
  return `${base}/${topic.split('/').map(encodeURIComponent).join('/')}`;
}

/** The topic in the rest of a path after the listener's own; undefined when it is not percent-encoded UTF-8. */
export function findTopic(rest: string): string | undefined {
  try {
    return decodeURIComponent(rest.startsWith('/') ? rest.slice(1) : rest);
  } catch {
    return undefined;
  }
}

export function headersOf({ contentType, properties, payload }: Message): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { 'content-length': payload.byteLength };
  if (contentType !== undefined) headers['content-type'] = contentType;
  for (const name in properties) headers[PREFIX + encodeName(name)] = encodeValue(properties[name]!);
  return headers;
}

/** Size of a header list as both sides count it: names, values and 32 bytes for each (RFC 9113, 6.5.2). */
export function headerListBytes(headers: OutgoingHttpHeaders): number {
  let bytes = 0;
  for (const name in headers) bytes += Buffer.byteLength(name) + Buffer.byteLength(String(headers[name])) + 32;
  return bytes;
}

/** Content type and properties of a request. A header that is not encoded is taken as it is. */
export function propertiesOf(headers: IncomingHttpHeaders): Pick<Message, 'contentType' | 'properties'> {
  const contentType = headers['content-type'];
  const entries: [string, string][] = [];
  for (const name in headers) {
    const value = headers[name];
    if (name.startsWith(PREFIX) && typeof value === 'string')
      entries.push([decode(name.slice(PREFIX.length)), decode(value)]);
  }
  return {
    ...(contentType === undefined ? {} : { contentType }),
    ...(entries.length === 0 ? {} : { properties: Object.fromEntries(entries) }),
  };
}

/** encodeURIComponent leaves only parentheses that a header name cannot hold (RFC 9110, 5.6.2). */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('(', '%28').replaceAll(')', '%29').toLowerCase();
}

/** Plain text stays readable; what a header value cannot hold (RFC 9110, 5.5), and %, is percent-encoded. */
function encodeValue(value: string): string {
  return value.toWellFormed().replace(/[^\u0020-\u007e]+|%|^ | $/g, encodeURIComponent);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
