import type { IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { LINGER_MS } from '../linger.ts';
import { nobody, readStream, type BodyTaker } from '../body-taker.ts';
import { isBodiless } from '../bodiless.ts';
import { dateNow } from '../date.ts';
import type { AnswerHeaders, AnswerStream, Exchange } from '../exchange.ts';
import { RequestBody } from '../request-body.ts';
import { INTERNAL_ERROR, NO_ERROR } from './codes.ts';
import type { Http2Connection } from './connection.ts';
import { ReceiveWindow } from './receive-window.ts';

/** What one stream may send before it is read: what RFC 9113, 6.5.2 begins with, for we announce no other. */
export const STREAM_WINDOW = 65_535;

/** One stream of HTTP/2 (RFC 9113, 5), which is one exchange. Its connection moves its frames. */
export class Http2Stream implements Exchange {
  openNumber = 0;
  readonly id: number;
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion = '2.0';
  readonly hasBody: boolean;
  /** Stays open both ways for as long as the two sides like, and looks after its silence itself. */
  isTunnel = false;
  /** Bytes we may still send. */
  sendWindow: number;
  /** Bytes of the body that have come, of those announced. */
  receivedBytes = 0;
  announcedBytes: number;
  isRemoteEnded: boolean;
  isLocalEnded = false;
  isAnswered = false;
  isOver = false;
  /** What waits for a window, and what is to follow it. */
  waiting: Buffer[] | undefined = undefined;
  waitingBytes = 0;
  ending: 'no' | 'data' | 'trailers' = 'no';
  endTrailers: Readonly<Record<string, string>> | undefined = undefined;
  trailers: IncomingHttpHeaders = none;
  readonly #connection: Http2Connection;
  #body: RequestBody | undefined;
  #taker: BodyTaker | undefined;
  #isDropped = false;
  #onOver: (() => void)[] | undefined;
  #onDrain: (() => void)[] | undefined;
  #receiveWindow: ReceiveWindow | undefined;

  constructor(
    connection: Http2Connection,
    id: number,
    headers: IncomingHttpHeaders,
    isEnded: boolean,
    sendWindow: number,
  ) {
    this.#connection = connection;
    this.id = id;
    this.headers = headers;
    this.method = headers[':method'] ?? '';
    this.target = headers[':path'] ?? '';
    this.hasBody = !isEnded;
    this.isRemoteEnded = isEnded;
    this.sendWindow = sendWindow;
    this.announcedBytes = headers['content-length'] === undefined ? -1 : Number(headers['content-length']);
  }

  get socket(): Socket {
    return this.#connection.socket;
  }

  /** What the far side may still send. Most requests have no body. */
  get receiveWindow(): ReceiveWindow {
    return (this.#receiveWindow ??= new ReceiveWindow(STREAM_WINDOW));
  }

  get body(): RequestBody {
    if (this.#body === undefined) {
      this.#body = new RequestBody((bytes) => this.#connection.credit(this, bytes));
      if (this.isRemoteEnded) this.#body.end();
    }
    return this.#body;
  }

  readInto(taker: BodyTaker): void {
    if (this.#body !== undefined) readStream(this.#body, taker);
    else if (this.isRemoteEnded || this.isOver) taker.end(this.isRemoteEnded);
    else this.#taker = taker;
  }

  answer(status: number, headers: AnswerHeaders, body?: Uint8Array | string): void {
    if (this.isAnswered || this.isOver) return;
    this.isAnswered = true;
    const isEmpty = body === undefined || body.length === 0 || isBodiless(this.method, status);
    this.#connection.answer(this, status, headers, isEmpty ? undefined : body);
  }

  begin(status: number, headers: AnswerHeaders): AnswerStream {
    const waiting = (): number => this.waitingBytes;
    if (!this.isAnswered && !this.isOver) {
      this.isAnswered = true;
      this.#connection.outbox.headers(this.id, [':status', String(status), 'date', dateNow(), ...headers], false);
    }
    const isEmpty = isBodiless(this.method, status);
    return {
      get waitingBytes() {
        return waiting();
      },
      write: (chunk) => {
        if (this.isOver || this.ending !== 'no') return false;
        return isEmpty || this.#connection.sendData(this, Buffer.from(chunk));
      },
      onDrain: (act) => this.onDrain(act),
      end: (trailers) => this.end(isEmpty ? undefined : trailers),
    };
  }

  end(trailers?: Readonly<Record<string, string>>): void {
    if (this.isOver || this.ending !== 'no') return;
    this.endTrailers = trailers;
    this.ending = trailers === undefined ? 'data' : 'trailers';
    this.#connection.pump(this);
  }

  /** Called by the outbox: there is room again. */
  pump(): void {
    this.#connection.pump(this);
  }

  onDrain(act: () => void): void {
    (this.#onDrain ??= []).push(act);
  }

  onOver(act: () => void): void {
    if (this.isOver) act();
    else (this.#onOver ??= []).push(act);
  }

  abort(): void {
    this.close(INTERNAL_ERROR);
  }

  /** Resets it, unless it is over. */
  close(code: number): void {
    if (!this.isOver) this.#connection.reset(this, code);
  }

  dropBody(): void {
    if (this.isRemoteEnded || this.isOver || this.#isDropped) return;
    this.#isDropped = true;
    const cut = setTimeout(() => this.close(NO_ERROR), LINGER_MS);
    this.onOver(() => clearTimeout(cut));
    if (this.#body === undefined) this.#taker = nobody;
    else this.#body.resume();
  }

  /** Called by the connection: a part of the body has come. */
  take(chunk: Buffer): void {
    if (this.#taker === undefined) this.body.arrive(chunk);
    else {
      this.#connection.credit(this, chunk.length);
      this.#taker.take(chunk);
    }
  }

  /** Called by the connection: the body is whole. */
  takeEnd(trailers: IncomingHttpHeaders | undefined): void {
    this.isRemoteEnded = true;
    if (trailers !== undefined) this.trailers = trailers;
    this.#body?.end();
    const taker = this.#taker;
    this.#taker = undefined;
    taker?.end(true);
  }

  /** Called by the connection when there is room again. */
  drained(): void {
    const acts = this.#onDrain;
    this.#onDrain = undefined;
    if (acts !== undefined) for (const act of acts) act();
  }

  /** Called by the connection, once. `isWhole`: both sides have said all they wanted to. */
  over(isWhole: boolean): void {
    this.isOver = true;
    this.waiting = undefined;
    this.waitingBytes = 0;
    this.#taker?.end(false);
    if (!isWhole && this.#body !== undefined && !this.#body.readableEnded) this.#body.abort();
    this.drained();
    if (this.#onOver !== undefined) for (const act of this.#onOver) act();
  }
}

const none: IncomingHttpHeaders = Object.freeze({});
