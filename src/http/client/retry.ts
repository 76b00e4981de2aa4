import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { ExchangeFailure, type Outgoing } from './exchange.ts';

/** Repeating them does what doing them once does (RFC 9110, 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);
/** The far side, or one before it, could not do it now (RFC 9110, 15.6; RFC 8470, 5.2; RFC 6585, 4). */
const PASSING = new Set([425, 429, 502, 503, 504]);

/** A request whose far side can tell a repeat by its key, or one that does no more when it is repeated. */
export function isRepeatable({ method, headers, body }: Outgoing): boolean {
  if (body instanceof Readable) return false;
  return IDEMPOTENT.has(method) || Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key');
}

/** Whether a request that failed may be sent again. */
export function mayRepeat(outgoing: Outgoing, error: unknown): boolean {
  if (!(error instanceof ExchangeFailure) || !error.passing) return false;
  if (error.fate === 'unsent') return !(outgoing.body instanceof Readable) || !outgoing.body.readableDidRead;
  return isRepeatable(outgoing);
}

/** Whether another try may bring a better status. */
export const isPassing = (status: number): boolean => PASSING.has(status);

/** How long the far side wants to be left alone, in ms (RFC 9110, 10.2.3); 0 when it does not say. */
export function retryAfterMs(headers: IncomingHttpHeaders, now = Date.now()): number {
  const text = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
