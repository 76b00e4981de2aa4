import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Fault } from '../../../src/fault.ts';
import { CookieJar, type HttpRequest } from '../../../src/http/client/index.ts';
import { isRecord } from '../../../src/is-record.ts';
import type { SettingsOf } from '../../../src/spec/field.ts';
import type { NodeContext } from '../../adapter/context.ts';
import type { FlowMessage } from '../../adapter/message.ts';
import { authorizationOf } from '../authorization.ts';
import { headerRows } from '../header-rows.ts';
import { textOf } from '../text-of.ts';
import { addQuery, addressOf } from './address.ts';
import { bodyOf } from './body.ts';
import type { definition } from './definition.ts';
import { Headers, wishedHeaders } from './headers.ts';
import { templateOf } from './template.ts';

export type RequestFields = (typeof definition)['fields'];
type Settings = SettingsOf<RequestFields>;

const DEFAULT_TIMEOUT_MS = 120_000;
/** Methods whose repeat does harm where the far side does not know it for one. */
const KEYED = new Set(['POST', 'PATCH']);

/** Makes requests of messages, as the settings and the messages say. `stream` is a body that comes by itself. */
export type Ask = (message: FlowMessage, stream?: Readable) => HttpRequest;

/** Reads the settings once. Throws SETTINGS_INVALID; what it gives throws MESSAGE_INVALID. */
export function askOf(context: NodeContext<RequestFields>, allowUnverified: boolean): Ask {
  const { RED, node, settings, signal } = context;
  const addressFor = settings.url === '' ? urlOf : templateOf(settings.url);
  // A query is added to the address itself.
  const addressed = settings.paytoqs === 'query' ? addressOf : rememberingLast(addressOf);
  const rows = headerRows(RED, node, settings.headers);
  const timeoutMs =
    settings.requestTimeoutMs || Number(Reflect.get(RED.settings, 'httpRequestTimeout')) || DEFAULT_TIMEOUT_MS;
  return (message, stream) => {
    const method = methodOf(settings, message);
    const { url, ...known } = addressed(addressFor(message));
    const headers = new Headers();
    for (const [name, value] of wishedHeaders(message)) headers.set(name, value);
    for (const [name, value] of rows(message)) headers.set(name, value);
    const body = stream ?? contentOf(method, url, message.payload, headers, settings);
    // How long a body is, and how it is framed, is said by who sends it.
    if (stream === undefined) headers.take('content-length');
    headers.take('transfer-encoding');
    addKey(method, message, headers, settings);
    const authorization = authorizationOf(settings, known);
    return {
      method,
      url,
      body,
      cookies: cookiesFor(url, headers, message),
      headers: headers.toRecord(),
      ...(authorization !== undefined && { authorization }),
      followRedirects: 'followRedirects' in message ? Boolean(message['followRedirects']) : settings.followRedirects,
      verify: verifies(message, allowUnverified),
      decompress: settings.decompress,
      timeoutMs: timeoutOf(message) ?? timeoutMs,
      signal,
    };
  };
}

/** Most addresses are the one before again, and reading an address takes time. */
function rememberingLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly value: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: read(text) };
    return last.value;
  };
}

const urlOf = (message: FlowMessage): string => (typeof message['url'] === 'string' ? message['url'] : '');

function methodOf({ method }: Settings, message: FlowMessage): string {
  if (method !== 'use') return method;
  const said = message['method'] ?? 'GET';
  if (typeof said === 'string' && /^[!#$%&'*+.^_`|~\w-]+$/.test(said) && !/^connect$/i.test(said))
    return said.toUpperCase();
  throw new Fault('MESSAGE_INVALID', { problem: 'msg.method is no method' });
}

function contentOf(
  method: string,
  url: URL,
  payload: unknown,
  headers: Headers,
  { paytoqs }: Settings,
): Uint8Array | undefined {
  if (method === 'HEAD') return undefined;
  if (method !== 'GET') return bodyOf(payload, headers);
  if (paytoqs === 'query' && payload !== undefined) addQuery(url, payload);
  return paytoqs === 'body' ? bodyOf(payload, headers) : undefined;
}

/** One key for all tries of a request (draft-ietf-httpapi-idempotency-key-header). */
function addKey(method: string, message: FlowMessage, headers: Headers, { idempotencyKey }: Settings): void {
  const given = message['idempotencyKey'];
  if (typeof given === 'string' && given !== '')
    headers.set('Idempotency-Key', `"${given.replaceAll(/["\\]/g, String.raw`\$&`)}"`);
  else if (idempotencyKey && KEYED.has(method) && headers.get('idempotency-key') === undefined) {
    headers.set('Idempotency-Key', `"${randomUUID()}"`);
  }
}

function cookiesFor(url: URL, headers: Headers, { cookies }: FlowMessage): CookieJar {
  const jar = new CookieJar();
  jar.setHeader(url, headers.take('cookie'));
  if (!isRecord(cookies)) return jar;
  for (const [name, said] of Object.entries(cookies)) {
    const value = isRecord(said) ? said['value'] : said;
    // Without a value it is one to be taken away, for http response nodes.
    if (value === null || value === undefined) continue;
    const asItIs = isRecord(said) && said['encode'] === false;
    jar.set(url, name, asItIs ? textOf(value) : encodeURIComponent(textOf(value).toWellFormed()));
  }
  return jar;
}

function verifies({ rejectUnauthorized: said }: FlowMessage, allowUnverified: boolean): boolean {
  if (said === undefined || said === true || /^true$/i.test(textOf(said))) return true;
  if (said !== false && !/^false$/i.test(textOf(said))) {
    throw new Fault('MESSAGE_INVALID', { problem: 'msg.rejectUnauthorized must be true or false' });
  }
  if (allowUnverified) return false;
  throw new Fault('MESSAGE_INVALID', {
    problem: 'msg.rejectUnauthorized is false, which the http2 client must allow (Unverified on demand)',
  });
}

function timeoutOf({ requestTimeout: said }: FlowMessage): number | undefined {
  if (said === undefined) return undefined;
  const timeoutMs = Number(said);
  if (timeoutMs >= 1 && timeoutMs <= 2_147_483_647) return timeoutMs;
  throw new Fault('MESSAGE_INVALID', { problem: 'msg.requestTimeout must be a number of ms, from 1' });
}
