import { isFault, type FaultCode } from '../../fault.ts';
import { answerBroken, answerFault } from '../../front-door/answer.ts';
import type { DoorRequest, DoorResponse } from '../../front-door/door.ts';
import { discardBody } from './read-body.ts';

/** Statuses of what a request can be refused for (RFC 9110, 15.5 and 15.6). Anything else is 500. */
const statuses: Readonly<Partial<Record<FaultCode, number>>> = {
  MESSAGE_INVALID: 400,
  IDENTITY_MISSING: 401,
  ACTION_FORBIDDEN: 403,
  ORIGIN_FOREIGN: 403,
  METHOD_REFUSED: 405,
  SEND_TIMED_OUT: 408,
  PAYLOAD_TOO_LARGE: 413,
  ENCODING_REFUSED: 415,
  QUEUE_FULL: 503,
  LINK_CLOSED: 503,
};

/** Answers with the status and the text of a fault, and lets go of what is left of the body. */
export function refuse(request: DoorRequest, response: DoorResponse, error: unknown): void {
  const status = isFault(error) ? statuses[error.code] : undefined;
  if (!isFault(error) || status === undefined) answerBroken(response);
  else answerFault(response, status, error, headersOf(error.details, status));
  discardBody(request);
}

function headersOf(details: object, status: number): Record<string, string> {
  if (status === 503) return { 'retry-after': '1' };
  return 'allow' in details && typeof details.allow === 'string' ? { allow: details.allow } : {};
}
