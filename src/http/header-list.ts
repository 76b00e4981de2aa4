import type { IncomingHttpHeaders } from 'node:http2';

/** The header section of a request, as far as it has been read. */
export interface HeaderList {
  readonly headers: IncomingHttpHeaders;
  /** Why it is no request (RFC 9113, 8.1.1), or undefined. */
  malformed: string | undefined;
  /** Size as both sides count it (RFC 9113, 6.5.2), and number of fields. */
  sizeBytes: number;
  fields: number;
  hasRegular: boolean;
}

export const newHeaderList = (): HeaderList => ({
  headers: {},
  malformed: undefined,
  sizeBytes: 0,
  fields: 0,
  hasRegular: false,
});

const PSEUDO = new Set([':method', ':scheme', ':path', ':authority', ':protocol']);
/** Speak of the connection, which HTTP/2 does itself (RFC 9113, 8.2.2). */
const FORBIDDEN = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);
/** Of these the first counts; others that come again are joined (RFC 9110, 5.3). */
const SINGLE = new Set([
  'age',
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'origin',
  'proxy-authorization',
  'range',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

/** RFC 9110, 5.6.2, in lower case. */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
/** RFC 9113, 8.2.1: no control characters, no space around. */
const VALUE = /^(?:[!-~\u0080-\u00ff](?:[\t -~\u0080-\u00ff]*[!-~\u0080-\u00ff])?)?$/;

/** What is wrong with a field by itself; asked once for each that is not in a table. */
export function fieldProblem(name: string, value: string): string | undefined {
  if (name.startsWith(':')) {
    if (!PSEUDO.has(name)) return 'an unknown pseudo-header';
  } else if (!NAME.test(name)) return 'a name that cannot be';
  else if (FORBIDDEN.has(name) || (name === 'te' && value !== 'trailers')) return `the header ${name}`;
  return VALUE.test(value) ? undefined : 'a value that cannot be';
}

/** Adds one field. `problem` is what {@link fieldProblem} says of it. */
export function addHeader(list: HeaderList, name: string, value: string, problem: string | undefined): void {
  const { headers } = list;
  list.sizeBytes += name.length + value.length + 32;
  list.fields += 1;
  if (problem !== undefined) list.malformed ??= problem;
  const found: unknown = headers[name];
  // Every object has a constructor, which is no header.
  const known = typeof found === 'function' ? undefined : headers[name];
  if (name.charCodeAt(0) === 58) {
    if (known !== undefined || list.hasRegular) list.malformed ??= 'a pseudo-header twice or after other fields';
    headers[name] = value;
    return;
  }
  list.hasRegular = true;
  if (name === '__proto__') return;
  if (name === 'set-cookie') {
    if (Array.isArray(known)) known.push(value);
    else headers[name] = [value];
  } else if (known === undefined) headers[name] = value;
  else if (name === 'content-length' && known !== value) list.malformed ??= 'two lengths';
  else if (!SINGLE.has(name)) headers[name] = `${String(known)}${name === 'cookie' ? '; ' : ', '}${value}`;
}

/** What is wrong with the section as that of a request (RFC 9113, 8.3.1; RFC 8441, 4). */
export function requestProblem({ malformed, headers }: HeaderList): string | undefined {
  if (malformed !== undefined) return malformed;
  const method = headers[':method'];
  const isExtended = headers[':protocol'] !== undefined;
  if (method === undefined || method === '') return 'no method';
  if (method === 'CONNECT' && !isExtended) return headers[':authority'] === undefined ? 'no authority' : undefined;
  if (isExtended && method !== 'CONNECT') return 'a protocol without CONNECT';
  if (headers[':scheme'] === undefined) return 'no scheme';
  const path = headers[':path'];
  if (path === undefined || (!path.startsWith('/') && path !== '*')) return 'no path';
  const { host } = headers;
  if (host !== undefined && headers[':authority'] !== undefined && host !== headers[':authority']) return 'two hosts';
  const length = headers['content-length'];
  return length === undefined || /^\d{1,15}$/.test(length) ? undefined : 'a length that is no number';
}
