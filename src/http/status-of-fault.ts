import { isFault, Fault, type FaultCode } from '../fault.ts';
import type { Exchange } from './exchange.ts';

/** Statuses of what a request can be refused for (RFC 9110, 15.5 and 15.6; RFC 6585, 4). Anything else is 500. */
const statuses: Readonly<Partial<Record<FaultCode, number>>> = {
  MESSAGE_INVALID: 400,
  CREDENTIALS_REFUSED: 401,
  IDENTITY_MISSING: 401,
  ACTION_FORBIDDEN: 403,
  ORIGIN_FOREIGN: 403,
  PATH_UNKNOWN: 404,
  METHOD_REFUSED: 405,
  BODY_TOO_SLOW: 408,
  SEND_TIMED_OUT: 408,
  PAYLOAD_TOO_LARGE: 413,
  ENCODING_REFUSED: 415,
  RATE_EXCEEDED: 429,
  QUEUE_FULL: 503,
  LINK_CLOSED: 503,
  NODE_CLOSED: 503,
  FAR_SIDE_GONE: 503,
  RESPONSE_MISSING: 504,
};

/** Answers a refusal as JSON `{code, message, next}`, and lets go of the body. Inner errors say no more than their number. */
export function refuseExchange(exchange: Exchange, error: unknown, headers: readonly string[] = []): void {
  const status = isFault(error) ? statuses[error.code] : undefined;
  const fault = isFault(error) && status !== undefined ? error : new Fault('REQUEST_FAILED', {});
  const body = JSON.stringify(fault);
  const fields = ['content-type', 'application/json; charset=utf-8', 'content-length', String(Buffer.byteLength(body))];
  if (status === 503 || status === 429) fields.push('retry-after', '1');
  if (isFault(error) && error.code === 'METHOD_REFUSED' && 'allow' in error.details) {
    fields.push('allow', error.details.allow);
  }
  exchange.answer(status ?? 500, [...fields, ...headers], body);
  exchange.dropBody();
}
