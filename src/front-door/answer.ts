import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Fault } from '../fault.ts';
import type { DoorResponse } from './door.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers a refusal the way every part of the door does: JSON `{code, message, next}`. Does nothing once headers are sent. */
export function answerFault(
  response: DoorResponse,
  status: number,
  fault: Fault,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) return;
  const body = JSON.stringify(fault);
  response.statusCode = status;
  response.setHeader('content-type', JSON_TYPE);
  response.setHeader('content-length', Buffer.byteLength(body));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}

/** Answers 500 without saying more than its number: what went wrong inside is for the log. */
export function answerBroken(response: DoorResponse): void {
  if (response.headersSent) response.destroy();
  else answerFault(response, 500, new Fault('REQUEST_FAILED', {}));
}

/** Refuses an upgrade with the same JSON, on the bare socket (RFC 9112). */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  fault: Fault,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(fault);
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  // A far side that does not hang up must not keep it open.
  socket.once('finish', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: ${JSON_TYPE}\r\n` +
      `${more.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
