import type { IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { parseCookies } from './cookies.ts';
import type { Exchange } from './exchange.ts';
import { FormError, parseForm, type FormFields } from './form-fields.ts';
import type { UploadedFile } from './upload.ts';

/** Who asks, as far as the guard of the route found out. */
export interface Caller {
  /** Name in the certificate, of the user, or `sub` of the token. */
  readonly identity?: string;
  /** Claims of the token. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** `msg.req`: a request with the names it has in flows of the core nodes. What costs time is read when it is asked for. */
export class SiteRequest {
  readonly method: string;
  readonly url: string;
  readonly originalUrl: string;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersion: string;
  readonly params: Readonly<Record<string, string>>;
  readonly identity: string | undefined;
  body: unknown = undefined;
  files: readonly UploadedFile[] | undefined = undefined;
  /** Claims of the token, when one was asked for. */
  user: Caller['claims'];
  readonly #exchange: Exchange;
  #query: FormFields | undefined;
  #cookies: Record<string, string> | undefined;

  constructor(exchange: Exchange, params: Readonly<Record<string, string>>, caller: Caller) {
    this.#exchange = exchange;
    this.method = exchange.method;
    this.url = exchange.target;
    this.originalUrl = exchange.target;
    this.headers = exchange.headers;
    this.httpVersion = exchange.httpVersion;
    this.params = params;
    this.identity = caller.identity;
    this.user = caller.claims;
  }

  /** Throws {@link FormError} for more fields than can be meant. */
  get query(): FormFields {
    if (this.#query === undefined) {
      const start = this.url.indexOf('?');
      this.#query = start < 0 ? {} : parseForm(this.url.slice(start + 1));
    }
    return this.#query;
  }

  get path(): string {
    const end = this.url.indexOf('?');
    return end < 0 ? this.url : this.url.slice(0, end);
  }

  get cookies(): Record<string, string> {
    return (this.#cookies ??= parseCookies(this.headers.cookie));
  }

  get socket(): Socket {
    return this.#exchange.socket;
  }

  /** As Express names it; the address is that of the connection, never of a header anybody can write. */
  get connection(): Socket {
    return this.#exchange.socket;
  }

  get ip(): string {
    return this.#exchange.socket.remoteAddress ?? '';
  }

  get secure(): boolean {
    return this.#exchange.socket instanceof TLSSocket;
  }

  get protocol(): 'http' | 'https' {
    return this.secure ? 'https' : 'http';
  }

  /** With the port, when it has one. */
  get host(): string {
    return this.headers[':authority'] ?? this.headers.host ?? '';
  }

  get hostname(): string {
    return URL.parse(`http://${this.host}`)?.hostname ?? '';
  }

  get xhr(): boolean {
    return this.get('x-requested-with')?.toString().toLowerCase() === 'xmlhttprequest';
  }

  /** Fields that followed the body. */
  get trailers(): NodeJS.Dict<string | string[]> {
    return this.#exchange.trailers;
  }

  get(name: string): string | string[] | undefined {
    const key = name.toLowerCase();
    if (key === 'host') return this.host;
    return this.headers[key === 'referrer' ? 'referer' : key];
  }

  header(name: string): string | string[] | undefined {
    return this.get(name);
  }
}

/** The query as a flow gets it, or why it cannot be read. */
export function queryOf(request: SiteRequest): FormFields | FormError {
  try {
    return request.query;
  } catch (error) {
    if (error instanceof FormError) return error;
    throw error;
  }
}
