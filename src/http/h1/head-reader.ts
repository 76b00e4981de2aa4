import type { IncomingHttpHeaders } from 'node:http2';
import { addHeader, newHeaderList } from '../header-list.ts';

/** A request of which everybody reads the same, and where it ends. */
export interface SimpleHead {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** With the empty line. */
  readonly headBytes: number;
  readonly bodyBytes: number;
  /** The far side asks for nothing after it. */
  readonly isLast: boolean;
}

export interface HeadLimits {
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
}

const END = Buffer.from('\r\n\r\n');
/** Methods with a path, and nothing about the connection (RFC 9112, 3.2.1); the version is the one with chunks and persistence. */
const REQUEST_LINE = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/[!"$-~]*) HTTP\/1\.1$/;
const BEGINNINGS = ['GET /', 'HEAD /', 'POST /', 'PUT /', 'PATCH /', 'DELETE /', 'OPTIONS /'];
/** RFC 9112, 5: no space before the colon, no line that goes on in the next, no control characters, no bare CR or LF. */
const FIELD =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*((?:[!-~\u0080-\u00ff](?:[\t -~\u0080-\u00ff]*[!-~\u0080-\u00ff])?)?)[ \t]*$/;
const LENGTH = /^\d{1,15}$/;
/** Whoever says one of these wants more than an answer, or a body whose end must be looked for. */
const NOT_SIMPLE = new Set(['transfer-encoding', 'upgrade', 'expect', 'trailer', 'te', 'http2-settings', '__proto__']);
/** Heads above this are not remembered: there is one for each connection. */
const REMEMBERED_BYTES = 1_024;

/**
 * Reads the heads of requests of HTTP/1.1 that are simple: all else is left to a parser that knows all of RFC 9112. What both read is
 * the same for both, so nobody is told of another request than the next one sees.
 */
export class HeadReader {
  readonly #limits: HeadLimits;
  /** Clients send the same again and again. */
  #knownBytes: Buffer | undefined;
  #known: SimpleHead | undefined;

  constructor(limits: HeadLimits) {
    this.#limits = limits;
  }

  /** `more`: so far it may be simple. `other`: it is not. */
  read(bytes: Buffer, at: number): SimpleHead | 'more' | 'other' {
    const known = this.#knownBytes;
    if (
      known !== undefined &&
      bytes.length - at >= known.length &&
      bytes.compare(known, 0, known.length, at, at + known.length) === 0
    ) {
      return this.#known!;
    }
    const end = bytes.indexOf(END, at);
    const length = (end < 0 ? bytes.length : end) - at;
    if (length > this.#limits.maxHeaderBytes) return 'other';
    if (end < 0) return mayBegin(bytes.toString('latin1', at, at + LONGEST_BEGINNING)) ? 'more' : 'other';
    const head = simpleHead(bytes.toString('latin1', at, end), this.#limits.maxHeaders);
    if (head === undefined) return 'other';
    if (head.headBytes <= REMEMBERED_BYTES) {
      this.#knownBytes = Buffer.from(bytes.subarray(at, at + head.headBytes));
      this.#known = head;
    }
    return head;
  }
}

const LONGEST_BEGINNING = Math.max(...BEGINNINGS.map(({ length }) => length));
const mayBegin = (text: string): boolean => BEGINNINGS.some((one) => one.startsWith(text) || text.startsWith(one));

/** `text` is the head without the empty line; undefined when it is not simple. */
function simpleHead(text: string, maxHeaders: number): SimpleHead | undefined {
  const lines = text.split('\r\n');
  const [, method, target] = REQUEST_LINE.exec(lines[0]!) ?? [];
  if (method === undefined || target === undefined || lines.length - 1 > maxHeaders) return undefined;
  const list = newHeaderList();
  let [hosts, lengths] = [0, 0];
  for (let index = 1; index < lines.length; index += 1) {
    const field = FIELD.exec(lines[index]!);
    if (field === null) return undefined;
    const name = field[1]!.toLowerCase();
    if (NOT_SIMPLE.has(name)) return undefined;
    if (name === 'host') hosts += 1;
    else if (name === 'content-length') lengths += 1;
    addHeader(list, name, field[2]!, undefined);
  }
  const { headers } = list;
  const { 'content-length': length, connection } = headers;
  if (hosts !== 1 || headers.host === '' || lengths > 1 || (length !== undefined && !LENGTH.test(length)))
    return undefined;
  const wish = connection?.toLowerCase();
  if (wish !== undefined && wish !== 'keep-alive' && wish !== 'close') return undefined;
  const bodyBytes = length === undefined ? 0 : Number(length);
  return { method, target, headers, headBytes: text.length + END.length, bodyBytes, isLast: wish === 'close' };
}
