import {
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { pipeline, Readable } from 'node:stream';
import { Fault } from '../../fault.ts';
import { Deadline } from './deadline.ts';
import type { Ending } from './ending.ts';
import {
  exchangeFault,
  ExchangeFailure,
  MAX_INFORMATIONAL,
  partsOf,
  shownUrl,
  type Head,
  type Outgoing,
} from './exchange.ts';
import type { ClientLimits } from './limits.ts';

/** Headers that speak of one HTTP/1.1 connection (RFC 9113, 8.2.2); the host goes as `:authority`. */
const OF_ONE_CONNECTION = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** With which either side says that the other does not keep to RFC 9113, 7. */
const BROKEN_RULES = new Set<number>([
  constants.NGHTTP2_PROTOCOL_ERROR,
  constants.NGHTTP2_FLOW_CONTROL_ERROR,
  constants.NGHTTP2_FRAME_SIZE_ERROR,
  constants.NGHTTP2_COMPRESSION_ERROR,
]);

/** One request over an HTTP/2 session. Resolves with the head of its response; rejects with ExchangeFailure or the ending's reason. */
export function exchangeOverHttp2(
  session: ClientHttp2Session,
  lastProcessed: () => number,
  outgoing: Outgoing,
  limits: Limits,
  ending: Ending,
): Promise<Head> {
  return new Promise((resolve, reject) => {
    new Http2Exchange(session, outgoing, limits, ending, { resolve, reject, lastProcessed }).send(outgoing.body);
  });
}

type Limits = Pick<ClientLimits, 'headersTimeoutMs' | 'maxHeaderBytes'>;

interface Asker {
  readonly resolve: (head: Head) => void;
  readonly reject: (error: Error) => void;
  /** The last stream the far side has looked at, where it has said so. */
  readonly lastProcessed: () => number;
}

/** One stream, from its request to the end of its response. */
class Http2Exchange implements Head {
  readonly version = '2';
  status = 0;
  headers: IncomingHttpHeaders = {};
  readonly body: ClientHttp2Stream;
  readonly #url: URL;
  readonly #ending: Ending;
  readonly #asker: Asker;
  readonly #patience: Deadline;
  readonly #onEnd = (): void => this.#stop(this.#ending.reason!);
  #informational = 0;
  #cause: Error | undefined;
  #isAnswered = false;
  #trailers: IncomingHttpHeaders = {};

  constructor(
    session: ClientHttp2Session,
    outgoing: Outgoing,
    { headersTimeoutMs: afterMs, maxHeaderBytes }: Limits,
    ending: Ending,
    asker: Asker,
  ) {
    this.#url = outgoing.url;
    this.#ending = ending;
    this.#asker = asker;
    const stream = session.request(headersOf(outgoing), { endStream: outgoing.body === undefined });
    this.body = stream;
    this.#patience = new Deadline(afterMs, () =>
      this.#stop(new Fault('REQUEST_TIMED_OUT', { url: this.#shown, waitedFor: 'response', afterMs })),
    );
    ending.onEnd(this.#onEnd);
    stream.on('headers', () => this.#inform());
    stream.on('response', (headers) => this.#answer(headers, maxHeaderBytes));
    stream.on('trailers', (headers) => (this.#trailers = headers));
    stream.on('error', (error) => (this.#cause ??= error));
    stream.on('close', () => this.#settle());
  }

  send(whole: Outgoing['body']): void {
    const body = partsOf(whole);
    if (body instanceof Readable) {
      body.on('data', () => this.#patience.again());
      // What the far side does not want any more is no failure: it has answered, or the stream says why not.
      pipeline(body, this.body, () => undefined);
    } else if (body !== undefined) this.body.end(body);
  }

  onOver(act: () => void): void {
    if (this.body.closed) act();
    else this.body.on('close', act);
  }

  discard(): void {
    this.body.close(constants.NGHTTP2_CANCEL);
  }

  cause(): Error | undefined {
    const code = this.body.rstCode ?? 0;
    return BROKEN_RULES.has(code) ? brokenRule(this.#shown, code) : this.#cause;
  }

  breach(): string | undefined {
    const code = this.body.rstCode;
    return code === constants.NGHTTP2_NO_ERROR ? undefined : `reset with code ${code}`;
  }

  trailers(): IncomingHttpHeaders {
    return this.#trailers;
  }

  get #shown(): string {
    return shownUrl(this.#url);
  }

  #inform(): void {
    this.#informational += 1;
    if (this.#informational <= MAX_INFORMATIONAL) return;
    this.#stop(new Fault('RESPONSE_INVALID', { url: this.#shown, problem: 'it answers 1xx without end' }));
  }

  #answer(headers: IncomingHttpHeaders & IncomingHttpStatusHeader, maxHeaderBytes: number): void {
    this.#patience.stop();
    const bytes = headerBytes(headers);
    if (bytes > maxHeaderBytes) {
      const problem = `${bytes} bytes of headers exceed the limit of ${maxHeaderBytes}`;
      return this.#stop(new Fault('RESPONSE_INVALID', { url: this.#shown, problem }));
    }
    this.#isAnswered = true;
    this.status = headers[':status'] ?? 0;
    this.headers = withoutPseudo(headers);
    this.#asker.resolve(this);
  }

  #stop(error: Error): void {
    this.#cause ??= error;
    this.body.close(constants.NGHTTP2_CANCEL);
    // A stream that waits for room in the session is not closed before it has been opened.
    if (this.body.pending) this.#settle();
    else if (this.#isAnswered) this.body.destroy(error);
  }

  #settle(): void {
    this.#patience.stop();
    this.#ending.forget(this.#onEnd);
    if (!this.#isAnswered) this.#asker.reject(this.#failure());
  }

  #failure(): Error {
    const cause = this.#cause;
    const code = this.body.rstCode ?? 0;
    if (cause !== undefined && cause === this.#ending.reason) return cause;
    if (cause instanceof Fault) {
      return new ExchangeFailure(cause, 'unknown', { passing: cause.code === 'REQUEST_TIMED_OUT' });
    }
    if (code === constants.NGHTTP2_HTTP_1_1_REQUIRED) {
      const fault = new Fault('RESPONSE_INVALID', { url: this.#shown, problem: 'it wants HTTP/1.1' });
      return new ExchangeFailure(fault, 'unsent', { wantsHttp1: true, orderly: true });
    }
    if (code === constants.NGHTTP2_ENHANCE_YOUR_CALM) {
      const answer = 'too many requests (ENHANCE_YOUR_CALM)';
      const fault = new Fault('FAR_SIDE_REFUSED', { url: this.#shown, answer });
      return new ExchangeFailure(fault, 'unknown', { passing: false });
    }
    if (BROKEN_RULES.has(code)) {
      return new ExchangeFailure(brokenRule(this.#shown, code), 'unknown', { passing: false });
    }
    const { id } = this.body;
    const unsent = code === constants.NGHTTP2_REFUSED_STREAM || id === undefined || id > this.#asker.lastProcessed();
    const fault = exchangeFault(this.#shown, cause ?? new Error(`the stream ended with code ${code}`));
    return new ExchangeFailure(fault, unsent ? 'unsent' : 'unknown', {
      passing: fault.code === 'FAR_SIDE_GONE',
      orderly: unsent,
    });
  }
}

const brokenRule = (url: string, code: number): Fault =>
  new Fault('RESPONSE_INVALID', { url, problem: `it breaks the rules of HTTP/2 (code ${code})` });

/** The limit we announce holds for node:http2 only once the far side has acknowledged it. */
function headerBytes(headers: IncomingHttpHeaders): number {
  let bytes = 0;
  for (const name in headers) bytes += name.length + String(headers[name]).length + 32;
  return bytes;
}

function headersOf({ method, url, headers }: Outgoing): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {
    ':method': method,
    ':path': url.pathname + url.search,
    ':scheme': url.protocol.slice(0, -1),
    ':authority': url.host,
  };
  for (const name in headers) {
    const lower = name.toLowerCase();
    const value = headers[name]!;
    if (lower === 'host' && typeof value === 'string') all[':authority'] = value;
    if (OF_ONE_CONNECTION.has(lower) || (lower === 'te' && value !== 'trailers')) continue;
    all[lower] = typeof value === 'string' ? value : [...value];
  }
  return all;
}

function withoutPseudo(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const own: IncomingHttpHeaders = {};
  for (const name in headers) if (!name.startsWith(':')) own[name] = headers[name];
  return own;
}
