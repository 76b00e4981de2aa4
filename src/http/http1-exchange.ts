import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import type { AnswerHeaders, AnswerStream, Exchange } from './exchange.ts';
import { readStream, type BodyTaker } from './body-taker.ts';
import { LINGER_MS } from './linger.ts';
import { requestBytes } from './request-bytes.ts';

/** An exchange of HTTP/1.1, or one that middleware of Express has been through. */
export class Http1Exchange implements Exchange {
  openNumber = 0;
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: string;
  readonly body: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.body = request;
    this.#response = response;
    this.method = request.method ?? '';
    this.target = request.url ?? '';
    this.headers = request.headers;
    this.httpVersion = request.httpVersion;
  }

  get socket(): Socket {
    return this.body.socket;
  }

  get trailers(): NodeJS.Dict<string> {
    return this.body.trailers;
  }

  get receivedBytes(): number {
    return requestBytes(this.socket);
  }

  get hasBody(): boolean {
    const { headers } = this;
    return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  }

  get isAnswered(): boolean {
    return this.#response.headersSent || this.#response.destroyed;
  }

  get isOver(): boolean {
    return this.#response.destroyed || this.#response.writableFinished;
  }

  readInto(taker: BodyTaker): void {
    readStream(this.body, taker);
  }

  answer(status: number, headers: AnswerHeaders, body?: Uint8Array | string): void {
    if (this.isAnswered) return;
    this.#response.writeHead(status, [...headers]);
    this.#response.end(body);
  }

  begin(status: number, headers: AnswerHeaders): AnswerStream {
    const response = this.#response;
    if (!this.isAnswered) {
      response.writeHead(status, [...headers]);
      // The far side may wait for them before anything else is said.
      response.flushHeaders();
    }
    return {
      get waitingBytes() {
        return response.writableLength;
      },
      write: (chunk) => !response.destroyed && response.write(chunk),
      onDrain: (act) => void response.once('drain', act),
      end: (trailers) => {
        if (trailers !== undefined) response.addTrailers(trailers);
        response.end();
      },
    };
  }

  onOver(act: () => void): void {
    if (this.#response.closed) act();
    else this.#response.once('close', act);
  }

  abort(): void {
    this.#response.destroy();
  }

  dropBody(): void {
    const { body } = this;
    if (body.complete) return;
    const cut = setTimeout(() => body.destroy(), LINGER_MS);
    body.once('close', () => clearTimeout(cut));
    body.on('error', () => clearTimeout(cut));
    body.resume();
  }
}
