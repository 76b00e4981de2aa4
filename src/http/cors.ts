import type { IncomingHttpHeaders } from 'node:http2';

/** Which pages of other origins may ask (Fetch standard, 3.3). */
export interface CorsSettings {
  /** `https://app.example`, or `*` for all. */
  readonly origins: readonly string[];
  /** Whether browsers send cookies and certificates along. */
  readonly credentials: boolean;
  readonly maxAgeSeconds: number;
}

/** The headers a page of that origin needs to see, or undefined when it may not ask here. */
export function corsHeaders(origin: string, host: string | undefined, cors: CorsSettings): string[] | undefined {
  const { origins, credentials } = cors;
  const isAllowed = origins.includes(origin) || (origins.includes('*') && !credentials);
  if (!isAllowed) return URL.parse(origin)?.host === host && host !== undefined ? [] : undefined;
  const named = ['access-control-allow-origin', origins.includes('*') ? '*' : origin, 'vary', 'origin'];
  return credentials ? [...named, 'access-control-allow-credentials', 'true'] : named;
}

/** What a browser that asks first is told besides. */
export function preflightHeaders(asked: IncomingHttpHeaders, allow: string, { maxAgeSeconds }: CorsSettings): string[] {
  const headers = asked['access-control-request-headers'];
  return [
    'access-control-allow-methods',
    allow,
    'access-control-max-age',
    String(maxAgeSeconds),
    ...(headers === undefined ? [] : ['access-control-allow-headers', headers]),
  ];
}
