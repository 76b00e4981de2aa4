import type { IncomingHttpHeaders } from 'node:http2';

/**
 * The origin of a web page that is not ours, when one asks (RFC 6454, 7): browsers say it, programs do not. Ours is the
 * page that was loaded from the host it asks now.
 */
export function findForeignOrigin({ headers }: { readonly headers: IncomingHttpHeaders }): string | undefined {
  const { origin } = headers;
  if (origin === undefined) return undefined;
  const host = headers[':authority'] ?? headers.host;
  return URL.parse(origin)?.host === host && host !== undefined ? undefined : origin;
}
