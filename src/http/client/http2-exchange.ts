import { constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { pipeline, Readable } from 'node:stream';
import { Fault } from '../../fault.ts';
import {
  exchangeFault,
  ExchangeFailure,
  MAX_INFORMATIONAL,
  partsOf,
  shownUrl,
  type Head,
  type Outgoing,
} from './exchange.ts';
import { headersTimer } from './headers-timer.ts';
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

/** One request over an HTTP/2 session. Resolves with the head of its response; rejects with ExchangeFailure or the signal's reason. */
export function exchangeOverHttp2(
  session: ClientHttp2Session,
  lastProcessed: () => number,
  outgoing: Outgoing,
  { headersTimeoutMs, maxHeaderBytes }: Pick<ClientLimits, 'headersTimeoutMs' | 'maxHeaderBytes'>,
  signal: AbortSignal,
): Promise<Head> {
  const { url } = outgoing;
  const body = partsOf(outgoing.body);
  const shown = shownUrl(url);
  return new Promise((resolve, reject) => {
    const stream = session.request(headersOf(outgoing), { endStream: body === undefined });
    let informational = 0;
    let cause: Error | undefined;
    let answered = false;
    let trailers: IncomingHttpHeaders = {};
    const timer = headersTimer(shown, headersTimeoutMs, (error) => stop(error));
    const stop = (error: Error): void => {
      cause ??= error;
      stream.close(constants.NGHTTP2_CANCEL);
      // A stream that waits for room in the session is not closed before it has been opened.
      if (stream.pending) settle();
      else if (answered) stream.destroy(error);
    };
    const onAbort = (): void => stop(signal.reason as Error);
    const settle = (): void => {
      timer.stop();
      if (!answered) signal.removeEventListener('abort', onAbort);
      if (!answered) reject(failureOf(stream.rstCode ?? 0, stream.id));
    };
    const failureOf = (code: number, id: number | undefined): Error => {
      if (cause !== undefined && cause === signal.reason) return cause;
      if (cause instanceof Fault) return new ExchangeFailure(cause, 'unknown', { passing: passes(cause) });
      if (code === constants.NGHTTP2_HTTP_1_1_REQUIRED) {
        const fault = new Fault('RESPONSE_INVALID', { url: shown, problem: 'it wants HTTP/1.1' });
        return new ExchangeFailure(fault, 'unsent', { wantsHttp1: true, orderly: true });
      }
      if (code === constants.NGHTTP2_ENHANCE_YOUR_CALM) {
        const fault = new Fault('FAR_SIDE_REFUSED', { url: shown, answer: 'too many requests (ENHANCE_YOUR_CALM)' });
        return new ExchangeFailure(fault, 'unknown', { passing: false });
      }
      if (BROKEN_RULES.has(code)) {
        const problem = `it breaks the rules of HTTP/2 (code ${code})`;
        return new ExchangeFailure(new Fault('RESPONSE_INVALID', { url: shown, problem }), 'unknown', {
          passing: false,
        });
      }
      const unsent = code === constants.NGHTTP2_REFUSED_STREAM || id === undefined || id > lastProcessed();
      const fault = exchangeFault(shown, cause ?? new Error(`the stream ended with code ${code}`));
      return new ExchangeFailure(fault, unsent ? 'unsent' : 'unknown', {
        passing: fault.code === 'FAR_SIDE_GONE',
        orderly: unsent,
      });
    };

    signal.addEventListener('abort', onAbort, { once: true });
    stream.on('headers', () => {
      informational += 1;
      if (informational > MAX_INFORMATIONAL) {
        stop(new Fault('RESPONSE_INVALID', { url: shown, problem: 'it answers 1xx without end' }));
      }
    });
    stream.on('trailers', (headers) => (trailers = headers));
    stream.once('response', (headers) => {
      timer.stop();
      const bytes = headerBytes(headers);
      if (bytes > maxHeaderBytes) {
        const problem = `${bytes} bytes of headers exceed the limit of ${maxHeaderBytes}`;
        return stop(new Fault('RESPONSE_INVALID', { url: shown, problem }));
      }
      answered = true;
      resolve({
        status: headers[':status'] ?? 0,
        headers: withoutPseudo(headers),
        version: '2',
        body: stream,
        discard: () => stream.close(constants.NGHTTP2_CANCEL),
        cause: () => brokenRule(shown, stream.rstCode ?? 0) ?? cause,
        breach: () => (stream.rstCode === constants.NGHTTP2_NO_ERROR ? undefined : `reset with code ${stream.rstCode}`),
        trailers: () => trailers,
      });
    });
    stream.on('error', (error) => (cause ??= error));
    stream.once('close', () => {
      if (answered) signal.removeEventListener('abort', onAbort);
      settle();
    });
    if (body instanceof Readable) {
      body.on('data', timer.again);
      // What the far side does not want any more is no failure: it has answered, or the stream says why not.
      pipeline(body, stream, () => undefined);
    } else if (body !== undefined) stream.end(body);
  });
}

function brokenRule(url: string, code: number): Fault | undefined {
  if (!BROKEN_RULES.has(code)) return undefined;
  return new Fault('RESPONSE_INVALID', { url, problem: `it breaks the rules of HTTP/2 (code ${code})` });
}

/** The limit we announce holds for node:http2 only once the far side has acknowledged it. */
function headerBytes(headers: IncomingHttpHeaders): number {
  let bytes = 0;
  for (const name in headers) bytes += name.length + String(headers[name]).length + 32;
  return bytes;
}

const passes = ({ code }: Fault): boolean => code === 'REQUEST_TIMED_OUT';

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
