import { validateHeaderName, validateHeaderValue } from 'node:http';
import { Fault } from '../../fault.ts';
import { ENCODINGS } from './body.ts';
import type { Digest } from './digest.ts';
import type { HeaderValues, Outgoing } from './exchange.ts';
import type { HttpRequest } from './request.ts';

/** The headers of one try: those that were asked for, and around them what nobody has said. */
export function headersFor(request: HttpRequest, outgoing: Outgoing, digest: Digest | undefined): HeaderValues {
  const { headers, url, method, body } = outgoing;
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const all: Record<string, HeaderValues[string]> = { ...headers };
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && !given.has(name.toLowerCase())) all[name] = value;
  };
  add('User-Agent', 'chartwire');
  if (request.decompress) add('Accept-Encoding', ENCODINGS);
  add('Cookie', request.cookies.headerFor(url));
  if (url === request.url || url.origin === request.url.origin) {
    add('Authorization', digest?.authorize(method, url.pathname + url.search) ?? plainAuthorization(request));
  }
  if (body instanceof Uint8Array) add('Content-Length', String(body.byteLength));
  else if (body === undefined && /^(POST|PUT|PATCH)$/.test(method)) add('Content-Length', '0');
  return all;
}

/** Throws MESSAGE_INVALID for a name or a value that no header can have (RFC 9110, 5.5). */
export function checkHeaders(headers: HeaderValues): void {
  try {
    for (const name in headers) {
      validateHeaderName(name);
      for (const value of [headers[name]!].flat()) validateHeaderValue(name, value);
    }
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Fault('MESSAGE_INVALID', { problem }, { cause: error });
  }
}

function plainAuthorization({ authorization }: HttpRequest): string | undefined {
  if (authorization === undefined || authorization.scheme === 'digest') return undefined;
  const { scheme, user, password } = authorization;
  if (scheme === 'bearer') return `Bearer ${password}`;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
