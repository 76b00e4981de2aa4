import type { IncomingHttpHeaders } from 'node:http';
import { backoff } from '../../endpoint/backoff.ts';
import { Fault } from '../../fault.ts';
import { IntMap } from '../../int-map.ts';
import { attempt, drain } from './attempt.ts';
import { decoded, readWhole, type Reading } from './body.ts';
import { Call } from './call.ts';
import { Digest } from './digest.ts';
import { pause } from './ending.ts';
import { ExchangeFailure, shownUrl, type Head, type Outgoing } from './exchange.ts';
import { Origin } from './origin.ts';
import { leadsOn, redirected, redirectOf } from './redirect.ts';
import { checkHeaders, headersFor } from './request-headers.ts';
import type { HttpAnswer, HttpRequest } from './request.ts';
import { isPassing, isRepeatable, mayRepeat, retryAfterMs } from './retry.ts';
import type { HttpClientSettings } from './settings.ts';
import { StreamedBody } from './streamed-body.ts';

/** Origins and authentications that are remembered beyond this many are those in use. */
const MAX_REMEMBERED = 128;
/** Numbers of calls begin anew long after the first of them are over. */
const MOST_CALLS = 2 ** 31;
type Read<Body> = (head: Head, url: URL) => Promise<{ body: Body; encoded: boolean }>;

/** Requests over HTTP/2 and HTTP/1.1: connections are kept and shared, each origin for itself. */
export class HttpClient implements AsyncDisposable {
  readonly #settings: HttpClientSettings;
  readonly #origins = new Map<string, Origin>();
  readonly #digests = new Map<string, Digest>();
  readonly #calls = new IntMap<Call>();
  #lastCall = 0;
  /** Whose end is listened for: one listener for all calls of one asker. */
  readonly #askers = new WeakSet<AbortSignal>();
  readonly #life = new AbortController();
  readonly #listeners = new Set<() => void>();

  constructor(settings: HttpClientSettings) {
    this.#settings = settings;
  }

  /** Origins that are left alone for now, because they failed again and again. */
  get outages(): readonly Fault[] {
    return [...this.#origins.values()].flatMap(({ breaker }) => breaker.refusal() ?? []);
  }

  /** Requests under way and waiting. */
  get load(): { readonly inFlight: number; readonly waiting: number } {
    let [inFlight, waiting] = [0, 0];
    for (const { gate } of this.#origins.values()) {
      inFlight += gate.inside;
      waiting += gate.waiting;
    }
    return { inFlight, waiting };
  }

  /** Calls the listener when an outage begins or ends, and returns what stops that. */
  onOutage(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The response with all of its body. Rejects with MESSAGE_INVALID, QUEUE_FULL, CIRCUIT_OPEN, FAR_SIDE_GONE,
   * FAR_SIDE_UNTRUSTED, FAR_SIDE_REFUSED, LINK_REFUSED, REQUEST_TIMED_OUT, RESPONSE_INVALID, RESPONSE_TOO_LARGE,
   * LINK_CLOSED, or the signal's reason.
   */
  async fetch(request: HttpRequest): Promise<HttpAnswer<Buffer>> {
    const call = this.#begin(request);
    try {
      return await this.#follow(call, async (head, url) => {
        const { reading, encoded } = this.#readingOf(head, request, url);
        return { body: await readWhole(reading, this.#settings.maxResponseBytes), encoded };
      });
    } catch (error) {
      throw faultOf(call, error);
    } finally {
      call.over();
    }
  }

  /** The response as soon as its head is there; its body comes as it is read, and must be read or given up. Rejects as {@link fetch}. */
  async open(request: HttpRequest): Promise<HttpAnswer<StreamedBody>> {
    const call = this.#begin(request);
    const fault = (error: unknown): unknown => faultOf(call, error);
    try {
      return await this.#follow(call, (head, url) => {
        const { reading, encoded } = this.#readingOf(head, request, url);
        return Promise.resolve({ body: new StreamedBody(reading, fault, () => call.over()), encoded });
      });
    } catch (error) {
      call.over();
      throw fault(error);
    }
  }

  /** Stops at once: what is under way rejects with LINK_CLOSED. Idempotent. */
  close(): void {
    this.#life.abort();
    for (const { ending, request } of this.#calls.values()) {
      ending.end(new Fault('LINK_CLOSED', { url: shownUrl(request.url) }));
    }
    for (const origin of this.#origins.values()) origin.close();
    this.#origins.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  #begin(request: HttpRequest): Call {
    if (this.#life.signal.aborted) throw new Fault('LINK_CLOSED', { url: shownUrl(request.url) });
    checkHeaders(request.headers);
    this.#lastCall = (this.#lastCall + 1) % MOST_CALLS;
    const number = this.#lastCall;
    const call = new Call(request, () => void this.#calls.delete(number));
    this.#calls.set(number, call);
    this.#heed(request.signal, call);
    return call;
  }

  /** Who asked may want no answer any more. */
  #heed(asker: AbortSignal, call: Call): void {
    if (asker.aborted) return call.ending.end(asker.reason as Error);
    if (this.#askers.has(asker)) return;
    this.#askers.add(asker);
    const endAll = (): void => {
      for (const { ending, request } of this.#calls.values()) {
        if (request.signal === asker) ending.end(asker.reason as Error);
      }
    };
    asker.addEventListener('abort', endAll, { once: true, signal: this.#life.signal });
  }

  /** Goes where it is led to, until a response is the last one. */
  async #follow<Body>(call: Call, read: Read<Body>): Promise<HttpAnswer<Body>> {
    const { request, redirects } = call;
    let { method, url, headers, body }: Outgoing = request;
    let challenged = false;
    for (;;) {
      const outgoing = { method, url, headers, body };
      const digest = this.#digestFor(request, url);
      const { head, content } = await this.#repeat(call, outgoing, digest, read, (head) => {
        if (request.followRedirects && leadsOn(head.status, head.headers)) return true;
        return digest !== undefined && !challenged && isChallenge(digest, head);
      });
      const setCookies = head.headers['set-cookie'] ?? [];
      request.cookies.take(url, setCookies);
      if (content !== undefined) return answerOf(call, head, url, content);
      if (head.status === 401) {
        challenged = true;
        continue;
      }
      if (redirects.length >= this.#settings.maxRedirects) {
        const problem = `it leads on and on, more than ${redirects.length} times`;
        throw new Fault('RESPONSE_INVALID', { url: shownUrl(request.url), problem });
      }
      const to = redirectOf(head.headers, url);
      redirects.push({ location: head.headers.location!, setCookies });
      ({ method, url, headers, body } = redirected(outgoing, head.status, to));
    }
  }

  /** One response, after as many tries as it takes and is allowed; without its content when it is not the last one. */
  async #repeat<Body>(
    call: Call,
    outgoing: Outgoing,
    digest: Digest | undefined,
    read: Read<Body>,
    goesOn: (head: Head) => boolean,
  ): Promise<{ head: Head; content: { body: Body; encoded: boolean } | undefined }> {
    const { maxRetries, retryFirstMs, retryLongestMs } = this.#settings;
    const origin = this.#originOf(call.request, outgoing.url);
    const mayTryAgain = (): boolean => call.retries < maxRetries && origin.breaker.refusal() === undefined;
    let pauses: Generator<number, never> | undefined;
    for (;;) {
      let afterMs = 0;
      try {
        const sent = { ...outgoing, headers: headersFor(call.request, outgoing, digest) };
        const head = await attempt(origin, sent, call.ending);
        if (isPassing(head.status)) afterMs = retryAfterMs(head.headers);
        const isLast = !isPassing(head.status) || afterMs > retryLongestMs || !isRepeatable(sent) || !mayTryAgain();
        if (isLast && !goesOn(head)) return { head, content: await read(head, outgoing.url) };
        drain(head);
        if (isLast) return { head, content: undefined };
      } catch (error) {
        if (!mayRepeat(outgoing, error) || !mayTryAgain()) throw error;
      }
      call.retries += 1;
      pauses ??= backoff(retryFirstMs, retryLongestMs);
      await pause(Math.max(pauses.next().value, afterMs), call.ending);
    }
  }

  #readingOf(head: Head, request: HttpRequest, url: URL): { reading: Reading; encoded: boolean } {
    const { decompress, method, bodyTimeoutMs: pauseMs = this.#settings.bodyTimeoutMs } = request;
    const { body, encoded } = decompress ? decoded(head, method) : { body: head.body, encoded: false };
    return { reading: { head, body, url: shownUrl(url), pauseMs }, encoded };
  }

  #originOf({ verify }: HttpRequest, { origin }: URL): Origin {
    const key = verify ? origin : `${origin} unverified`;
    const known = this.#origins.get(key);
    if (known !== undefined) return known;
    for (const [other, unused] of this.#origins) {
      if (this.#origins.size < MAX_REMEMBERED) break;
      if (!unused.idle) continue;
      unused.close();
      this.#origins.delete(other);
    }
    const made = new Origin(new URL(origin), verify, this.#settings, () => {
      for (const listener of this.#listeners) listener();
    });
    this.#origins.set(key, made);
    return made;
  }

  #digestFor({ authorization, url: first }: HttpRequest, url: URL): Digest | undefined {
    if (authorization?.scheme !== 'digest' || url.origin !== first.origin) return undefined;
    const { user, password } = authorization;
    const key = JSON.stringify([url.origin, user, password]);
    const known = this.#digests.get(key);
    if (known !== undefined) return known;
    if (this.#digests.size >= MAX_REMEMBERED) this.#digests.clear();
    const made = new Digest({ user, password });
    this.#digests.set(key, made);
    return made;
  }
}

function isChallenge(digest: Digest, { status, headers }: Head): boolean {
  return status === 401 && digest.challenged(headers['www-authenticate'] ?? '');
}

function answerOf<Body>(
  { redirects, retries }: Call,
  head: Head,
  url: URL,
  { body, encoded }: { body: Body; encoded: boolean },
): HttpAnswer<Body> {
  const { status, headers, version } = head;
  const kept = encoded ? withoutEncoding(headers) : headers;
  return { status, headers: kept, trailers: () => head.trailers(), url: url.href, version, redirects, retries, body };
}

function withoutEncoding(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { 'content-encoding': _encoding, 'content-length': _length, ...rest } = headers;
  return rest;
}

/** What ended it, for the user: the time limit or who asked comes first. */
function faultOf({ ending }: Call, error: unknown): unknown {
  if (ending.reason !== undefined) return ending.reason;
  return error instanceof ExchangeFailure ? error.fault : error;
}
