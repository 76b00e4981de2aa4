import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { CookieJar } from './cookies.ts';
import type { HeaderValues } from './exchange.ts';

/** How we prove who we are, to the origin of the request only. */
export interface Authorization {
  readonly scheme: 'basic' | 'digest' | 'bearer';
  readonly user: string;
  /** Of a bearer, the token. */
  readonly password: string;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: HeaderValues;
  /** A stream is sent as it comes, and only once. */
  readonly body: Uint8Array | Readable | undefined;
  readonly cookies: CookieJar;
  readonly authorization?: Authorization;
  readonly followRedirects: boolean;
  /** False: any certificate will do. */
  readonly verify: boolean;
  /** Asks for compressed responses and undoes it. */
  readonly decompress: boolean;
  /** Longest time for all of it, repeats and redirects included, in ms; without it there is none. */
  readonly timeoutMs?: number;
  /** Longest pause within the response instead of the client's own, in ms. */
  readonly bodyTimeoutMs?: number;
  readonly signal: AbortSignal;
}

/** One step on the way to the last response. */
export interface Redirect {
  readonly location: string;
  readonly setCookies: readonly string[];
}

export interface HttpAnswer<Body> {
  readonly status: number;
  /** Without those of an encoding that has been undone. */
  readonly headers: IncomingHttpHeaders;
  /** Complete when the body is. */
  readonly trailers: () => IncomingHttpHeaders;
  /** Where it came from at last. */
  readonly url: string;
  readonly version: '1.1' | '2';
  readonly redirects: readonly Redirect[];
  /** How often it was repeated. */
  readonly retries: number;
  readonly body: Body;
}
