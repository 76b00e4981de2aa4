import type { ServerResponse } from 'node:http';

/**
 * The tightest the Node-RED 5 editor works under: it puts the nodes' scripts and styles into the page inline, and its
 * palette asks the public catalogue. Nothing in it evaluates text, and its workers are files of its own.
 */
export const EDITOR_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self' https://catalogue.nodered.org",
  "worker-src 'self'",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Browsers keep it per name and not per port: a year would lock out other servers on this machine for too long. */
const STRICT_TRANSPORT = 'max-age=86400';

/** Sets the headers of every answer at the last moment, so that nothing behind can loosen them. */
export function secureHeaders(response: ServerResponse, options: { policy: string | undefined; tls: boolean }): void {
  const headers: Record<string, string> = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    ...(options.policy === undefined ? {} : { 'content-security-policy': options.policy, 'x-frame-options': 'DENY' }),
    ...(options.tls ? { 'strict-transport-security': STRICT_TRANSPORT } : {}),
  };
  const writeHead = response.writeHead.bind(response) as (...all: unknown[]) => ServerResponse;
  response.writeHead = (...all: unknown[]): ServerResponse => {
    response.removeHeader('x-powered-by');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return writeHead(...all);
  };
}
