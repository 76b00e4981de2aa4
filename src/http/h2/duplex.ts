import type { OutgoingHttpHeaders, IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { AnswerStream } from '../exchange.ts';
import { NO_ERROR } from './codes.ts';
import type { Http2Stream } from './stream.ts';

/**
 * A stream of HTTP/2 as node:http2 has it, for what was written for that: its request and response that look like HTTP/1.1,
 * and WebSockets. What they ask of the socket is answered by the one of the connection.
 */
export class Http2Duplex extends Duplex {
  /** Those of node:http2 look for the socket there; without one they ask here. */
  readonly session = undefined;
  readonly headRequest: boolean;
  readonly endAfterHeaders: boolean;
  readonly carrier: Socket;
  readonly pushAllowed = false;
  readonly id: number;
  #stream: Http2Stream;
  #answer: AnswerStream | undefined;
  #wantsTrailers = false;
  #trailers: Record<string, string> | undefined;

  constructor(stream: Http2Stream) {
    super();
    this.#stream = stream;
    this.id = stream.id;
    this.carrier = stream.socket;
    this.headRequest = stream.method === 'HEAD';
    this.endAfterHeaders = !stream.hasBody;
    const { body } = stream;
    body.on('data', (chunk: Buffer) => void (this.push(chunk) || body.pause()));
    body.on('end', () => {
      this.emit('trailers', stream.trailers, 0, []);
      this.push(null);
    });
    stream.onOver(() => {
      if (body.aborted || !this.writableFinished) this.emit('aborted');
      this.destroy();
    });
  }

  get headersSent(): boolean {
    return this.#stream.isAnswered;
  }

  get aborted(): boolean {
    return this.#stream.body.aborted;
  }

  get remoteAddress(): string | undefined {
    return this.carrier.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.carrier.remotePort;
  }

  get localPort(): number | undefined {
    return this.carrier.localPort;
  }

  get encrypted(): boolean {
    return 'encrypted' in this.carrier;
  }

  get authorized(): boolean {
    return 'authorized' in this.carrier && this.carrier.authorized === true;
  }

  getPeerCertificate(): PeerCertificate {
    return (this.carrier as TLSSocket).getPeerCertificate();
  }

  setTimeout(): this {
    return this;
  }

  respond(
    headers: OutgoingHttpHeaders,
    options: { readonly endStream?: boolean; readonly waitForTrailers?: boolean } = {},
  ): void {
    const { [':status']: status = 200, ...rest } = headers;
    const fields = Object.entries(rest).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : value === undefined ? [] : [value]).flatMap((one) => [name, String(one)]),
    );
    this.#wantsTrailers = options.waitForTrailers === true;
    this.#answer = this.#stream.begin(Number(status), fields);
    if (options.endStream === true) this.end();
  }

  /** 100 has been sent when it was expected. */
  additionalHeaders(): void {}

  sendTrailers(trailers: IncomingHttpHeaders): void {
    const fields = Object.entries(trailers).map(([name, value]) => [name, String(value)] as const);
    this.#trailers = fields.length === 0 ? undefined : Object.fromEntries(fields);
  }

  close(code = NO_ERROR): void {
    this.#stream.close(code);
  }

  override _read(): void {
    this.#stream.body.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#answer === undefined) this.respond({});
    if (this.#stream.isOver || this.#answer!.write(chunk)) done();
    else this.#answer!.onDrain(done);
  }

  override _final(done: () => void): void {
    if (this.#answer === undefined) this.respond({});
    if (this.#wantsTrailers) this.emit('wantTrailers');
    this.#answer!.end(this.#trailers);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#stream.isOver && !(this.writableFinished && this.readableEnded)) this.#stream.close(NO_ERROR);
    done(error);
  }
}
