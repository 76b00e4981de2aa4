import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { Fault } from '../../fault.ts';
import { shownUrl, type HeaderValues, type Outgoing } from './exchange.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers that are for one far side only. */
const PRIVATE = new Set(['authorization', 'cookie', 'host', 'proxy-authorization']);
/** Headers that tell of a body that is not sent again. */
const OF_BODY = /^(content-|transfer-encoding$|trailer$|expect$)/;

/** True for a response that leads elsewhere. */
export const leadsOn = (status: number, { location }: IncomingHttpHeaders): boolean =>
  REDIRECTS.has(status) && location !== undefined;

/** Where that is. Throws RESPONSE_INVALID for an address that is no web address. */
export function redirectOf({ location = '' }: IncomingHttpHeaders, from: URL): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Fault('RESPONSE_INVALID', { url: shownUrl(from), problem: 'it leads to no web address' });
  }
  // What comes after # is kept when the new address has none (RFC 9110, 10.2.2).
  if (url.hash === '') url.hash = from.hash;
  return url;
}

/** The request that follows a redirect (RFC 9110, 15.4); what is secret stays with its origin. */
export function redirected({ method, url, headers, body }: Outgoing, status: number, to: URL): Outgoing {
  const becomesGet = (status === 303 && method !== 'HEAD') || (status < 303 && method === 'POST');
  if (!becomesGet && body instanceof Readable) {
    throw new Fault('RESPONSE_INVALID', {
      url: shownUrl(url),
      problem: 'it leads elsewhere with a body that was streamed, and is gone',
    });
  }
  const isForeign = to.origin !== url.origin;
  const kept: Record<string, HeaderValues[string]> = {};
  for (const name in headers) {
    const lower = name.toLowerCase();
    if (becomesGet && OF_BODY.test(lower)) continue;
    if (!isForeign || !PRIVATE.has(lower)) kept[name] = headers[name]!;
  }
  return { method: becomesGet ? 'GET' : method, url: to, headers: kept, body: becomesGet ? undefined : body };
}
