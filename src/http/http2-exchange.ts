import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { AnswerHeaders, AnswerStream, Exchange } from './exchange.ts';
import { LINGER_MS } from './linger.ts';

/** An exchange on one stream of HTTP/2, without the layer that makes it look like HTTP/1.1: that one costs half as much again. */
export class Http2Exchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion = '2.0';
  readonly socket: Socket;
  readonly #stream: ServerHttp2Stream;

  /** `socket` is the real one: what a session gives out stands in for it, slowly, and throws once it has ended. */
  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, socket: Socket) {
    this.#stream = stream;
    this.socket = socket;
    this.headers = headers;
    this.method = headers[':method'] ?? '';
    this.target = headers[':path'] ?? '';
    // A stream that breaks closes itself, which whoever works on it hears.
    stream.on('error', ignore);
  }

  get body(): ServerHttp2Stream & Exchange['body'] {
    return this.#stream;
  }

  get hasBody(): boolean {
    return !this.#stream.endAfterHeaders;
  }

  get isAnswered(): boolean {
    return this.#stream.headersSent || this.#stream.destroyed;
  }

  get isOver(): boolean {
    return this.#stream.destroyed;
  }

  answer(status: number, headers: AnswerHeaders, body?: Uint8Array | string): void {
    const stream = this.#stream;
    if (stream.headersSent || stream.destroyed) return;
    const fields = [':status', String(status), ...headers];
    if (body === undefined || body.length === 0 || this.method === 'HEAD') {
      stream.respond(fields, { endStream: true });
    } else {
      stream.respond(fields);
      // node:http2 takes a status without a body, ends the stream, and says so.
      if (!stream.writableEnded) stream.end(body);
    }
  }

  begin(status: number, headers: AnswerHeaders): AnswerStream {
    const stream = this.#stream;
    let trailers: Readonly<Record<string, string>> | undefined;
    stream.on('wantTrailers', () => stream.sendTrailers({ ...trailers }));
    if (!this.isAnswered) stream.respond([':status', String(status), ...headers], { waitForTrailers: true });
    return {
      get waitingBytes() {
        return stream.writableLength;
      },
      write: (chunk) => stream.writable && stream.write(chunk),
      onDrain: (act) => void stream.once('drain', act),
      end: (last) => {
        trailers = last;
        if (stream.writable) stream.end();
      },
    };
  }

  onOver(act: () => void): void {
    if (this.#stream.destroyed) act();
    else this.#stream.once('close', act);
  }

  abort(): void {
    this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  }

  /** Destroying the stream would take the answer back; it is reset without an error once that has left (RFC 9113, 8.1). */
  dropBody(): void {
    const stream = this.#stream;
    if (stream.destroyed || stream.readableEnded) return;
    const cut = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), LINGER_MS);
    stream.once('close', () => clearTimeout(cut));
    stream.resume();
  }
}

function ignore(): void {}
