import { isBodiless } from './bodiless.ts';
import { byteRange } from './byte-range.ts';
import { chooseCoding, compress, isCompressible } from './encodings.ts';
import { conditionStatus, entityTag } from './entity-tag.ts';
import type { Exchange } from './exchange.ts';
import { jsonText } from './json-text.ts';
import { mediaTypeOf } from './parse-body.ts';
import { parseForm } from './form-fields.ts';

/** What is done to an answer on its way. */
export interface ReplyOptions {
  /** Compresses what the client takes compressed and is at least so many bytes; 0 never. */
  readonly compressFromBytes: number;
  /** Adds an entity tag to what is read, and answers 304 to who has it. */
  readonly entityTags: boolean;
  /** Added to every answer. */
  readonly headers: readonly string[];
  /** Told of the bytes of a body before they are sent. */
  readonly onLength?: (bytes: number) => void;
}

/**
 * Answers with a payload the way the core nodes do: text as HTML, bytes as bytes, all else as JSON, unless a content type is
 * set. Conditions, ranges and compression are seen to. What comes when the exchange is answered is left out.
 */
export function reply(
  exchange: Exchange,
  status: number,
  given: readonly string[],
  payload: unknown,
  options: ReplyOptions,
): void | Promise<void> {
  const headers = options.headers.length === 0 ? [...given] : [...given, ...options.headers];
  const body = bodyOf(exchange, payload, headers);
  const isRead = exchange.method === 'GET' || exchange.method === 'HEAD';
  const mayCompress = status !== 206 && isWorthCompressing(headers, body, options);
  // Caches are told so with a 304, too (RFC 9110, 15.4.5).
  if (mayCompress) headers.push('vary', 'accept-encoding');
  if (isRead && status === 200) {
    const changed = partOf(exchange, headers, body, options);
    if (changed) return;
  }
  const coding = mayCompress ? chooseCoding(exchange.headers['accept-encoding']?.toString()) : undefined;
  if (coding !== undefined) return answerCompressed(exchange, status, headers, body, coding, options);
  answerWhole(exchange, status, headers, body, options);
}

function isWorthCompressing(headers: string[], body: Buffer | string, { compressFromBytes }: ReplyOptions): boolean {
  if (compressFromBytes === 0 || body.length < compressFromBytes) return false;
  return isCompressible(mediaTypeOf(find(headers, 'content-type'))) && find(headers, 'content-encoding') === undefined;
}

function answerWhole(
  exchange: Exchange,
  status: number,
  headers: string[],
  body: Buffer | string,
  { onLength }: ReplyOptions,
): void {
  // Only where there is no body may a flow say a length of its own: another one would cut the answer, or begin a next one.
  const fields = isBodiless(exchange.method, status) ? headers : without(headers, 'content-length');
  if (status !== 204 && status !== 304 && find(fields, 'content-length') === undefined) {
    fields.push('content-length', String(Buffer.byteLength(body)));
  }
  onLength?.(Buffer.byteLength(body));
  exchange.answer(status, fields, body);
}

async function answerCompressed(
  exchange: Exchange,
  status: number,
  headers: string[],
  body: Buffer | string,
  coding: 'br' | 'zstd' | 'gzip',
  options: ReplyOptions,
): Promise<void> {
  const fields = [...without(headers, 'content-length'), 'content-encoding', coding];
  answerWhole(exchange, status, fields, await compress(coding, body), options);
}

/** Answers a request for what the client has already, or for a part of it. */
function partOf(exchange: Exchange, headers: string[], body: Buffer | string, options: ReplyOptions): boolean {
  let tag = find(headers, 'etag');
  if (tag === undefined && options.entityTags) {
    tag = entityTag(body);
    headers.push('etag', tag);
  }
  const modified = find(headers, 'last-modified');
  const asked = exchange.headers;
  const conditional = conditionStatus(exchange.method, asked, tag, modified);
  if (conditional !== undefined) {
    exchange.answer(conditional, without(headers, 'content-length'));
    return true;
  }
  if (asked.range === undefined) return false;
  const bytes = Buffer.from(body);
  const range = byteRange(asked.range, bytes.length);
  const condition = asked['if-range']?.toString();
  // A weak tag is that of a compressed form, too, of which a part would fit nowhere (RFC 9110, 13.1.5).
  const isCurrent =
    condition === undefined || (!condition.startsWith('W/') && (condition === tag || condition === modified));
  if (range === 'none' || !isCurrent) return false;
  const rest = without(headers, 'content-length');
  if (range === 'beyond') {
    exchange.answer(416, [...rest, 'content-range', `bytes */${bytes.length}`]);
    return true;
  }
  const part = bytes.subarray(range.first, range.last + 1);
  rest.push('content-range', `bytes ${range.first}-${range.last}/${bytes.length}`, 'accept-ranges', 'bytes');
  answerWhole(exchange, 206, rest, part, options);
  return true;
}

/** The bytes or text of a payload; adds the content type when none is set. */
function bodyOf(exchange: Exchange, payload: unknown, headers: string[]): Buffer | string {
  const typed = (type: string): void => {
    if (find(headers, 'content-type') === undefined) headers.push('content-type', type);
  };
  if (typeof payload === 'string') {
    typed('text/html; charset=utf-8');
    return payload;
  }
  if (payload === undefined) return '';
  if (payload instanceof Uint8Array) {
    typed('application/octet-stream');
    return Buffer.isBuffer(payload) ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  }
  if (typeof payload === 'number' || typeof payload === 'bigint') {
    typed('text/html; charset=utf-8');
    return String(payload);
  }
  const json = jsonText(payload);
  const callback = exchange.target.includes('callback=') ? callbackOf(exchange.target) : undefined;
  if (callback === undefined || find(headers, 'content-type') !== undefined) {
    typed('application/json; charset=utf-8');
    return json;
  }
  typed('text/javascript; charset=utf-8');
  headers.push('x-content-type-options', 'nosniff');
  // These two end a line in JavaScript, not in JSON; the comment keeps an attacker from choosing the first bytes.
  const script = json.replaceAll('\u2028', String.raw`\u2028`).replaceAll('\u2029', String.raw`\u2029`);
  return `/**/ typeof ${callback} === 'function' && ${callback}(${script});`;
}

function callbackOf(target: string): string | undefined {
  const { callback } = parseForm(target.slice(target.indexOf('?') + 1));
  return typeof callback === 'string' && /^[\w$.[\]]{1,128}$/.test(callback) ? callback : undefined;
}

function find(headers: readonly string[], name: string): string | undefined {
  for (let index = 0; index < headers.length; index += 2) if (headers[index] === name) return headers[index + 1];
  return undefined;
}

function without(headers: string[], name: string): string[] {
  if (find(headers, name) === undefined) return headers;
  return headers.filter((_text, index) => headers[index - (index % 2)] !== name);
}
