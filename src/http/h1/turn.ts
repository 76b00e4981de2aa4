import type { IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { isBodiless } from '../bodiless.ts';
import { nobody, readStream, type BodyTaker } from '../body-taker.ts';
import type { AnswerHeaders, AnswerStream, Exchange } from '../exchange.ts';
import { LINGER_MS } from '../linger.ts';
import { RequestBody } from '../request-body.ts';
import { AnswerParts } from './answer-parts.ts';
import { answerHead } from './answer-head.ts';
import type { Http1Connection } from './connection.ts';
import type { SimpleHead } from './head-reader.ts';

/** One request of HTTP/1.1 and its answer. On a connection they take turns. */
export class Http1Turn implements Exchange {
  openNumber = 0;
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion = '1.1';
  readonly hasBody: boolean;
  /** A body with a length has none. */
  readonly trailers = none;
  isOver = false;
  receivedBytes = 0;
  readonly #connection: Http1Connection;
  #isBegun = false;
  #isWhole: boolean;
  #body: RequestBody | undefined;
  #taker: BodyTaker | undefined;
  #onOver: (() => void)[] | undefined;
  #cut: NodeJS.Timeout | undefined;

  constructor(connection: Http1Connection, { method, target, headers, bodyBytes }: SimpleHead) {
    this.#connection = connection;
    this.method = method;
    this.target = target;
    // A flow may change its own.
    this.headers = { ...headers };
    this.hasBody = bodyBytes > 0;
    this.#isWhole = bodyBytes === 0;
  }

  get socket(): Socket {
    return this.#connection.socket;
  }

  get isAnswered(): boolean {
    return this.#isBegun || this.isOver;
  }

  get body(): RequestBody {
    if (this.#body === undefined) {
      this.#body = new RequestBody((bytes) => this.#connection.credit(bytes));
      if (this.#isWhole) this.#body.end();
    }
    return this.#body;
  }

  readInto(taker: BodyTaker): void {
    if (this.#body !== undefined) readStream(this.#body, taker);
    else if (this.#isWhole || this.isOver) taker.end(this.#isWhole);
    else this.#taker = taker;
  }

  answer(status: number, headers: AnswerHeaders, body: Uint8Array | string = ''): void {
    if (this.isAnswered) return;
    const isEmpty = isBodiless(this.method, status);
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
    const head = answerHead(status, headers, isEmpty ? 'none' : length, this.#connection.wish);
    this.#isBegun = true;
    this.#connection.outbox.send(head, isEmpty ? '' : body);
    this.#end();
  }

  begin(status: number, headers: AnswerHeaders): AnswerStream {
    const isEmpty = isBodiless(this.method, status);
    const given = isEmpty ? -1 : headers.indexOf('content-length');
    const length = Number(given < 0 ? -1 : headers[given + 1]);
    const framing = isEmpty ? 'none' : Number.isSafeInteger(length) && length >= 0 ? length : 'chunked';
    if (!this.isAnswered) {
      const head = answerHead(status, headers, framing, this.#connection.wish);
      this.#isBegun = true;
      this.#connection.outbox.send(head, '');
    }
    return new AnswerParts(this, this.#connection, framing, () => this.#end());
  }

  onOver(act: () => void): void {
    if (this.isOver) act();
    else (this.#onOver ??= []).push(act);
  }

  abort(): void {
    this.#connection.destroy();
  }

  dropBody(): void {
    if (this.#isWhole || this.#cut !== undefined) return;
    this.#cut = setTimeout(() => this.abort(), LINGER_MS);
    if (this.#body === undefined) this.#taker = nobody;
    else this.#body.resume();
  }

  /** Called by the connection: a part of the body has come. */
  take(part: Buffer): void {
    this.receivedBytes += part.length;
    if (this.#taker !== undefined) this.#taker.take(part);
    else {
      this.#connection.unread(part.length);
      this.body.arrive(part);
    }
  }

  /** Called by the connection: the body is whole. */
  takeEnd(): void {
    this.#isWhole = true;
    clearTimeout(this.#cut);
    this.#body?.end();
    this.#taker?.end(true);
  }

  /** Called by the connection: it has closed. */
  over(): void {
    clearTimeout(this.#cut);
    const isNews = !this.isOver;
    // Before its body hears of it: there is nobody to answer any more.
    this.isOver = true;
    if (!this.#isWhole) {
      this.#taker?.end(false);
      this.#body?.abort();
    }
    if (isNews) this.#tellOver();
  }

  #end(): void {
    this.#beOver();
    this.dropBody();
    this.#connection.answered(this);
  }

  #beOver(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.#tellOver();
  }

  #tellOver(): void {
    if (this.#onOver !== undefined) for (const act of this.#onOver) act();
  }
}

const none: Readonly<Record<string, string>> = Object.freeze({});
