import { request, type Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
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

export interface Http1Way {
  readonly agent: Agent;
  readonly insecureParser: boolean;
  readonly maxHeaderBytes: number;
  /** Said to a proxy that passes requests on by itself (RFC 9112, 3.2.2). */
  readonly absoluteForm: boolean;
  readonly proxyAuthorization: string | undefined;
}

/** One request over HTTP/1.1. Resolves with the head of its response; rejects with ExchangeFailure or the ending's reason. */
export function exchangeOverHttp1(
  way: Http1Way,
  outgoing: Outgoing,
  headersTimeoutMs: number,
  ending: Ending,
): Promise<Head> {
  const { url } = outgoing;
  const body = partsOf(outgoing.body);
  return new Promise((resolve, reject) => {
    const sent = request(optionsOf(way, outgoing));
    let informational = 0;
    let head: Http1Head | undefined;
    let cause: Error | undefined;
    const patience = new Deadline(headersTimeoutMs, () => {
      sent.destroy(
        new Fault('REQUEST_TIMED_OUT', { url: shownUrl(url), waitedFor: 'response', afterMs: headersTimeoutMs }),
      );
    });
    const onEnd = (): void => void sent.destroy(ending.reason);
    ending.onEnd(onEnd);
    sent.on('information', () => {
      informational += 1;
      if (informational > MAX_INFORMATIONAL) {
        sent.destroy(new Fault('RESPONSE_INVALID', { url: shownUrl(url), problem: 'it answers 1xx without end' }));
      }
    });
    sent.on('response', (response) => {
      patience.stop();
      head = new Http1Head(sent, response, () => cause);
      resolve(head);
    });
    sent.on('error', (error) => {
      patience.stop();
      cause ??= error;
      if (head === undefined) reject(failureOf(url, error, ending));
    });
    sent.on('close', () => {
      patience.stop();
      ending.forget(onEnd);
      // A 101 nobody asked for leaves neither an answer nor an error.
      if (head === undefined) reject(failureOf(url, new Error('no answer came'), ending));
    });
    if (body instanceof Readable) {
      body.on('data', () => patience.again());
      // What the far side does not want any more is no failure: it has answered, or the request says why not.
      pipeline(body, sent, () => undefined);
    } else sent.end(body);
  });
}

class Http1Head implements Head {
  readonly version = '1.1';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
  readonly cause: () => Error | undefined;
  readonly #sent: ClientRequest;

  constructor(sent: ClientRequest, response: IncomingMessage, cause: () => Error | undefined) {
    this.#sent = sent;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    this.body = response;
    this.cause = cause;
  }

  onOver(act: () => void): void {
    if (this.body.closed) act();
    else this.body.on('close', act);
  }

  discard(): void {
    this.#sent.destroy();
  }

  breach(): string | undefined {
    return this.body.complete ? undefined : 'it broke off';
  }

  trailers(): IncomingHttpHeaders {
    return this.body.trailers;
  }
}

function failureOf(url: URL, error: Error, ending: Ending): Error {
  if (error === ending.reason || error instanceof ExchangeFailure) return error;
  const fault = exchangeFault(shownUrl(url), error);
  // The far side closes a connection it has kept long enough: this may cross a request, which then waits for nothing.
  const passing = fault.code === 'FAR_SIDE_GONE' || fault.code === 'REQUEST_TIMED_OUT';
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
