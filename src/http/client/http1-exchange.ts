import { request, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
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

export interface Http1Way {
  readonly agent: Agent;
  readonly insecureParser: boolean;
  readonly maxHeaderBytes: number;
  /** Said to a proxy that passes requests on by itself (RFC 9112, 3.2.2). */
  readonly absoluteForm: boolean;
  readonly proxyAuthorization: string | undefined;
}

/** One request over HTTP/1.1. Resolves with the head of its response; rejects with ExchangeFailure or the signal's reason. */
export function exchangeOverHttp1(
  way: Http1Way,
  outgoing: Outgoing,
  headersTimeoutMs: number,
  signal: AbortSignal,
): Promise<Head> {
  const { url } = outgoing;
  const body = partsOf(outgoing.body);
  const shown = shownUrl(url);
  return new Promise((resolve, reject) => {
    const sent = request(optionsOf(way, outgoing));
    let informational = 0;
    let answer: IncomingMessage | undefined;
    let cause: Error | undefined;
    const timer = headersTimer(shown, headersTimeoutMs, (error) => void sent.destroy(error));
    const onAbort = (): void => void sent.destroy(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    sent.on('information', () => {
      informational += 1;
      if (informational > MAX_INFORMATIONAL) {
        sent.destroy(new Fault('RESPONSE_INVALID', { url: shown, problem: 'it answers 1xx without end' }));
      }
    });
    sent.once('response', (response) => {
      timer.stop();
      answer = response;
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        version: '1.1',
        body: response,
        discard: () => void sent.destroy(),
        cause: () => cause,
        breach: () => (response.complete ? undefined : 'it broke off'),
        trailers: () => response.trailers,
      });
    });
    sent.on('error', (error) => {
      timer.stop();
      cause ??= error;
      if (answer === undefined) reject(failureOf(sent, shown, error, signal));
    });
    sent.once('close', () => {
      timer.stop();
      signal.removeEventListener('abort', onAbort);
      // A 101 nobody asked for leaves neither an answer nor an error.
      if (answer === undefined) reject(failureOf(sent, shown, new Error('no answer came'), signal));
    });
    if (body instanceof Readable) {
      body.on('data', timer.again);
      // What the far side does not want any more is no failure: it has answered, or the request says why not.
      pipeline(body, sent, () => undefined);
    } else sent.end(body);
  });
}

function failureOf(sent: ClientRequest, shown: string, error: Error, signal: AbortSignal): Error {
  if (error === signal.reason || error instanceof ExchangeFailure) return error;
  const fault = exchangeFault(shown, error);
  // The far side closes a connection it has kept long enough: this may cross a request, which then waits for nothing.
  const crossed = sent.reusedSocket && fault.code === 'FAR_SIDE_GONE';
  const passing = crossed || fault.code === 'FAR_SIDE_GONE' || fault.code === 'REQUEST_TIMED_OUT';
  return new ExchangeFailure(fault, 'unknown', { passing });
}

function optionsOf(
  { agent, insecureParser, maxHeaderBytes, absoluteForm, proxyAuthorization }: Http1Way,
  { method, url, headers, body }: Outgoing,
): object {
  const all: Record<string, string | string[]> = {};
  let hasHost = false;
  for (const name in headers) {
    const value = headers[name]!;
    if (name.toLowerCase() === 'host') hasHost = true;
    all[name] = typeof value === 'string' ? value : [...value];
  }
  if (!hasHost) all['Host'] = url.host;
  if (proxyAuthorization !== undefined) all['Proxy-Authorization'] = proxyAuthorization;
  // Without a body node:http must not promise one: a GET would say `transfer-encoding: chunked`.
  return {
    agent,
    method,
    path: absoluteForm ? url.origin + url.pathname + url.search : url.pathname + url.search,
    headers: all,
    setHost: false,
    maxHeaderSize: maxHeaderBytes,
    insecureHTTPParser: insecureParser,
    ...(body === undefined && { useChunkedEncodingByDefault: false }),
  };
}
