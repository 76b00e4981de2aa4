import { STATUS_CODES } from 'node:http';
import type { AnswerHeaders } from '../exchange.ts';
import { dateNow } from '../date.ts';
import { checkField } from '../field.ts';

/** How the end of an answer's body is told (RFC 9112, 6.3): by a length, in chunks, or there is none. */
export type Framing = number | 'chunked' | 'none';

const statusLines = new Map<number, string>();

/** The head of an answer as latin1 text, with the empty line. Lengths that are given are left out for ours. Throws TypeError. */
export function answerHead(status: number, headers: AnswerHeaders, framing: Framing, connection: string): string {
  let text = `${statusLine(status)}date: ${dateNow()}\r\n${connection}`;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index]!;
    const isLeftOut = name === 'content-length' && (framing !== 'none' || status === 204);
    if (!isLeftOut) text += fieldLine(name, headers[index + 1]!);
  }
  if (framing === 'none') return `${text}\r\n`;
  return framing === 'chunked'
    ? `${text}transfer-encoding: chunked\r\n\r\n`
    : `${text}content-length: ${framing}\r\n\r\n`;
}

export function fieldLine(name: string, value: string): string {
  checkField(name, value);
  return `${name}: ${value}\r\n`;
}

function statusLine(status: number): string {
  let line = statusLines.get(status);
  if (line === undefined) statusLines.set(status, (line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`));
  return line;
}
