import type { IncomingMessage } from 'node:http';

/**
 * Why a request's Host header is not one of ours, which is how a foreign page reaches us after it pointed its own name at
 * this machine (DNS rebinding). `allowedHosts` are `name:port`; a default port may be left out.
 */
export function hostProblem(
  request: IncomingMessage,
  allowedHosts: readonly string[],
  tls: boolean,
): string | undefined {
  const host = hostOf(request);
  if (host === undefined) return 'the request has no Host header';
  const allowed = new Set(allowedHosts.map((name) => canonical(name, tls)));
  if (allowed.has(canonical(host, tls))) return undefined;
  return `this editor is not served as ${JSON.stringify(host)}; open it as ${allowedHosts[0] ?? 'configured'}`;
}

/** Why a request comes from a page of another origin. Programs that are no browsers send no Origin and pass. */
export function originProblem(request: IncomingMessage): string | undefined {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin === undefined) {
    return site === 'cross-site' && !isReading(request) ? 'the request comes from another site' : undefined;
  }
  if (URL.canParse(origin) && new URL(origin).host === hostOf(request)) return undefined;
  return `the request comes from another origin, ${JSON.stringify(origin)}`;
}

/** Methods that change nothing (RFC 9110, 9.2.1). */
export function isReading(request: IncomingMessage): boolean {
  return request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS';
}

function hostOf(request: IncomingMessage): string | undefined {
  return request.headers.host?.toLowerCase();
}

function canonical(host: string, tls: boolean): string {
  const scheme = tls ? 'https' : 'http';
  const url = URL.canParse(`${scheme}://${host}`) ? new URL(`${scheme}://${host}`) : undefined;
  // Only a plain host and port: no user, path or query may hide in the header.
  return url !== undefined && url.href === `${url.origin}/` ? url.host : `invalid ${host}`;
}
