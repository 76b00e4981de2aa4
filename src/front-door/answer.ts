import { Fault, isFault } from '../fault.ts';
import type { DoorResponse } from './door.ts';

/** Answers a refusal the way every part of the door does: JSON `{code, message, next}`. Does nothing once headers are sent. */
export function answerFault(
  response: DoorResponse,
  status: number,
  fault: Fault,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) return;
  const body = JSON.stringify({ code: fault.code, message: fault.message, next: fault.next });
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('content-length', Buffer.byteLength(body));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}

/** Answers 500 without saying more than its number: what went wrong inside is for the log. */
export function answerBroken(response: DoorResponse): void {
  if (response.headersSent) response.destroy();
  else answerFault(response, 500, new Fault('REQUEST_FAILED', {}));
}

/** A fault is told as it is; anything else stays inside. */
export function faultOf(error: unknown): Fault {
  return isFault(error) ? error : new Fault('REQUEST_FAILED', {}, { cause: error });
}
