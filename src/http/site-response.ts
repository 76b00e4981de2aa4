import { Readable } from 'node:stream';
import { clearedCookie, cookieText, type CookieOptions } from './cookies.ts';
import type { AnswerStream, Exchange } from './exchange.ts';
import { checkField } from './field.ts';
import { jsonText } from './json-text.ts';
import { reply, type ReplyOptions } from './reply.ts';

/** Speaks of the connection, which is not the flow's (RFC 9113, 8.2.2; RFC 9112, 7). */
const CONNECTION_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'te',
]);
/** `msg.res`: the answer to one request, with the methods flows of the core nodes call on it. */
export class SiteResponse {
  readonly exchange: Exchange;
  /** Set by the node that began it in parts. */
  stream: AnswerStream | undefined = undefined;
  /** Told of the bytes of an answer that is sent whole. */
  onLength: ((bytes: number) => void) | undefined = undefined;
  readonly #options: ReplyOptions;
  readonly #onAnswered: (response: SiteResponse) => void;
  #headers: string[] | undefined;
  #status = 200;

  constructor(exchange: Exchange, options: ReplyOptions, onAnswered: (response: SiteResponse) => void) {
    this.exchange = exchange;
    this.#options = options;
    this.#onAnswered = onAnswered;
  }

  /** As the core nodes name what stands behind their wrapper. */
  get _res(): this {
    return this;
  }

  get statusCode(): number {
    return this.#status;
  }

  /** Throws RangeError for what is no status of an answer: it would be a line of the answer all the same. */
  set statusCode(code: number | string) {
    // Scripts give it as text, too.
    const status = Number(code);
    if (!Number.isInteger(status) || status < 200 || status > 599)
      throw new RangeError(`${code} is no status of an answer`);
    this.#status = status;
  }

  get headersSent(): boolean {
    return this.exchange.isAnswered;
  }

  status(code: number | string): this {
    this.statusCode = code;
    return this;
  }

  /** Sets a header, or all of a record. Throws TypeError for what no header can hold. */
  set(name: string | Readonly<Record<string, unknown>>, value?: unknown): this {
    if (typeof name === 'object') for (const key in name) this.#set(key, name[key]);
    else this.#set(name, value);
    return this;
  }

  header(name: string | Readonly<Record<string, unknown>>, value?: unknown): this {
    return this.set(name, value);
  }

  setHeader(name: string, value: unknown): this {
    return this.set(name, value);
  }

  get(name: string): string | undefined {
    const index = this.#find(name.toLowerCase());
    return index < 0 ? undefined : this.#headers?.[index + 1];
  }

  /** Adds to a header instead of replacing it. */
  append(name: string, value: unknown): this {
    this.#add(name.toLowerCase(), value);
    return this;
  }

  type(mediaType: string): this {
    return this.set('content-type', SHORT_TYPES[mediaType] ?? mediaType);
  }

  vary(name: string): this {
    return this.append('vary', name);
  }

  location(url: string): this {
    return this.set('location', encodeURI(url).replaceAll('%25', '%'));
  }

  cookie(name: string, value: unknown, options?: CookieOptions): this {
    return this.append('set-cookie', cookieText(name, value, options));
  }

  clearCookie(name: string, options?: CookieOptions): this {
    return this.append('set-cookie', clearedCookie(name, options));
  }

  redirect(statusOrUrl: number | string, url?: string): void {
    const status = typeof statusOrUrl === 'number' ? statusOrUrl : 302;
    void this.location(typeof statusOrUrl === 'number' ? (url ?? '/') : statusOrUrl)
      .status(status)
      .send('');
  }

  /** Resolves when all of it has been handed over; a small answer at once. */
  send(payload?: unknown): void | Promise<void> {
    const { onLength } = this;
    const options = onLength === undefined ? this.#options : { ...this.#options, onLength };
    const answered = reply(this.exchange, this.statusCode, this.#headers ?? [], payload, options);
    // What cannot be sent is no answer: the far side still waits for one.
    if (answered === undefined) this.#onAnswered(this);
    else return answered.then(() => this.#onAnswered(this));
  }

  json(value: unknown): void | Promise<void> {
    if (this.get('content-type') === undefined) this.set('content-type', 'application/json; charset=utf-8');
    return this.send(jsonText(value));
  }

  jsonp(value: unknown): void | Promise<void> {
    return this.send(typeof value === 'object' ? value : jsonText(value));
  }

  sendStatus(code: number | string): void | Promise<void> {
    return this.status(code).type('text/plain; charset=utf-8').send(String(code));
  }

  /** Begins an answer whose parts follow, with the headers set so far. */
  begin(): AnswerStream {
    this.stream ??= this.exchange.begin(this.statusCode, this.#headers ?? []);
    this.#onAnswered(this);
    return this.stream;
  }

  write(chunk: Uint8Array | string): boolean {
    return this.begin().write(chunk);
  }

  end(chunk?: Uint8Array | string): void {
    if (this.stream === undefined) void this.send(chunk);
    else {
      if (chunk !== undefined) this.stream.write(chunk);
      this.stream.end();
    }
  }

  #set(name: string, value: unknown): void {
    const key = name.toLowerCase();
    if (this.#headers !== undefined) {
      for (let index = this.#find(key); index >= 0; index = this.#find(key)) this.#headers.splice(index, 2);
    }
    this.#add(key, value);
  }

  #add(key: string, value: unknown): void {
    if (value === undefined || CONNECTION_HEADERS.has(key)) return;
    for (const one of Array.isArray(value) ? value : [value]) {
      const text = String(one);
      checkField(key, text);
      (this.#headers ??= []).push(key, text);
    }
  }

  #find(key: string): number {
    const headers = this.#headers ?? [];
    for (let index = 0; index < headers.length; index += 2) if (headers[index] === key) return index;
    return -1;
  }
}

const SHORT_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  xml: 'application/xml',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  bin: 'application/octet-stream',
};

/** True for a payload that comes in parts: a stream, or what can be waited for part by part. */
export function isParts(payload: unknown): payload is AsyncIterable<unknown> {
  return (
    payload instanceof Readable || (typeof payload === 'object' && payload !== null && Symbol.asyncIterator in payload)
  );
}
