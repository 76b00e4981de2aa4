import { Fault } from '../fault.ts';
import { pathOf } from '../front-door/routes.ts';
import { corsHeaders, preflightHeaders, type CorsSettings } from './cors.ts';
import type { Exchange } from './exchange.ts';
import { OpenRequests } from './open-requests.ts';
import { RateLimit } from './rate-limit.ts';
import { Refusals } from './refusals.ts';
import type { ReplyOptions } from './reply.ts';
import { RouteTable } from './route-table.ts';
import type { Route } from './route.ts';
import { queryOf, SiteRequest, type Caller } from './site-request.ts';
import { SiteResponse } from './site-response.ts';
import { refuseExchange } from './status-of-fault.ts';
import { takeBody, type BodySettings, type BodyWaiter } from './take-body.ts';
import { FormError } from './form-fields.ts';

export interface SiteSettings extends BodySettings, Omit<ReplyOptions, 'headers'> {
  /** Where it stands: '' or `/api`. */
  readonly base: string;
  readonly cors: CorsSettings;
  /** Requests that are read or worked on at once; more get 503. */
  readonly maxOpen: number;
  /** Requests of one address in a second; 0: any number. */
  readonly maxPerSecond: number;
  /** For the body to come, and for the flow to answer, in ms. */
  readonly bodyTimeoutMs: number;
  readonly answerTimeoutMs: number;
  /** For each so many bytes of a body it may take a second longer; 0: no longer. */
  readonly minBodyBytesPerSecond: number;
  readonly onRefused: (source: string, reason: string) => void;
}

/** Routes below one path, and all that stands before them: who may ask, how much, how often and for how long. */
export class HttpSite implements AsyncDisposable {
  readonly settings: SiteSettings;
  readonly routes = new RouteTable<Route>();
  readonly refusals: Refusals;
  readonly #open: OpenRequests;
  readonly #rate: RateLimit | undefined;
  readonly #replying: ReplyOptions;

  constructor(settings: SiteSettings) {
    this.settings = settings;
    this.refusals = new Refusals(settings.onRefused);
    this.#rate = settings.maxPerSecond === 0 ? undefined : new RateLimit(settings.maxPerSecond);
    this.#replying = { ...settings, headers: [] };
    this.#open = new OpenRequests(settings, (exchange, late) => this.#refuse(exchange, late));
  }

  /** Requests that wait for their answer now. */
  get open(): number {
    return this.#open.size;
  }

  /** Serves one request; `extras` are put on the flow's `msg.req` by middleware before it. */
  readonly serve = (exchange: Exchange, extras?: Readonly<Record<string, unknown>>): void => {
    const { method, headers, target } = exchange;
    const tooMany = this.#rate?.problem(exchange.socket.remoteAddress ?? '');
    if (tooMany !== undefined) return this.#refuse(exchange, tooMany);
    let cors: readonly string[] = none;
    if (headers.origin !== undefined) {
      const allowed = corsHeaders(headers.origin, headers[':authority'] ?? headers.host, this.settings.cors);
      if (allowed === undefined) return this.#refuse(exchange, new Fault('ORIGIN_FOREIGN', { origin: headers.origin }));
      cors = allowed;
    }
    const path = this.#pathOf(target);
    try {
      const asked = method === 'OPTIONS' ? headers['access-control-request-method'] : undefined;
      const found = this.routes.find(asked ?? method, path);
      if (found === undefined) this.#refuse(exchange, new Fault('PATH_UNKNOWN', { path }), cors);
      else if (asked !== undefined && cors.length > 0) {
        const allow = 'allow' in found ? found.allow : asked;
        exchange.answer(204, [...cors, ...preflightHeaders(headers, allow, this.settings.cors)]);
      } else if (!('allow' in found)) this.#guard(exchange, found.owner, found.params, cors, extras);
      else if (method === 'OPTIONS') exchange.answer(204, ['allow', found.allow, ...cors]);
      else this.#refuse(exchange, new Fault('METHOD_REFUSED', { method, allow: found.allow }), cors);
    } catch (error) {
      const isPath = error instanceof URIError;
      const problem = 'the path is not percent-encoded UTF-8';
      this.#refuse(exchange, isPath ? new Fault('MESSAGE_INVALID', { problem }) : error, cors);
    }
  };

  /** Who still waits is told so. */
  [Symbol.asyncDispose](): Promise<void> {
    for (const exchange of this.#open.close()) refuseExchange(exchange, new Fault('NODE_CLOSED', { node: this.#name }));
    return Promise.resolve();
  }

  get #name(): string {
    return this.settings.base === '' ? '/' : this.settings.base;
  }

  #pathOf(target: string): string {
    return pathOf(target).slice(this.settings.base.length);
  }

  #guard(
    exchange: Exchange,
    route: Route,
    params: Readonly<Record<string, string>>,
    cors: readonly string[],
    extras: Readonly<Record<string, unknown>> | undefined,
  ): void {
    const admit = (verdict: Caller | Fault): void => {
      if (verdict instanceof Fault) return this.#refuse(exchange, verdict, challenged(route, cors));
      const forbidden = route.forbids(verdict);
      if (forbidden !== undefined) return this.#refuse(exchange, forbidden, cors);
      const request = new SiteRequest(exchange, params, verdict);
      if (extras !== undefined) Object.assign(request, extras);
      this.#admit(exchange, route, request, cors);
    };
    const tooMany = route.rate?.problem(exchange.socket.remoteAddress ?? '');
    if (tooMany !== undefined) return this.#refuse(exchange, tooMany, cors);
    const verdict = route.guard.check(exchange);
    if (verdict instanceof Promise) {
      verdict.then(admit, (error: unknown) => this.#refuse(exchange, error, cors));
    } else admit(verdict);
  }

  #admit(exchange: Exchange, route: Route, request: SiteRequest, cors: readonly string[]): void {
    const { maxOpen } = this.settings;
    if (this.#open.size >= maxOpen) this.#open.forgetOver();
    if (this.#open.size >= maxOpen) {
      return this.#refuse(exchange, new Fault('QUEUE_FULL', { queue: this.#name, limit: maxOpen }), cors);
    }
    const open = this.#open;
    const work = open.begin(exchange, route.limits);
    const response = new SiteResponse(
      exchange,
      cors.length === 0 ? this.#replying : { ...this.#replying, headers: cors },
      this.#onAnswered,
    );
    // A request from middleware may have been read there.
    if (!exchange.hasBody || request.body !== undefined) return this.#hand(exchange, route, request, response, cors);
    open.waitFor(work, 'body');
    const waiter: BodyWaiter = {
      onReady: () => {
        open.waitFor(work, 'answer');
        this.#hand(exchange, route, request, response, cors);
      },
      onRefused: (error) => this.#refuse(exchange, error, cors),
      onProgress: (isWhole) => open.waitFor(work, isWhole ? 'answer' : 'body', exchange.receivedBytes),
    };
    try {
      takeBody(exchange, route, request, this.settings, waiter);
    } catch (error) {
      this.#refuse(exchange, error, cors);
    }
  }

  #hand(exchange: Exchange, route: Route, request: SiteRequest, response: SiteResponse, cors: readonly string[]): void {
    if (exchange.isOver) {
      this.#open.end(exchange);
      return;
    }
    try {
      const query = exchange.target.includes('?') ? queryOf(request) : undefined;
      if (query instanceof FormError)
        throw new Fault('MESSAGE_INVALID', { problem: `the query cannot be read: ${query.message}` });
      const problem = route.problem(request);
      if (problem !== undefined) throw new Fault('MESSAGE_INVALID', { problem });
      route.take(request, response);
    } catch (error) {
      this.#refuse(exchange, error, cors);
    }
  }

  readonly #onAnswered = ({ exchange }: SiteResponse): void => this.#open.end(exchange);

  #refuse(exchange: Exchange, error: unknown, headers: readonly string[] = none): void {
    this.#open.end(exchange);
    this.refusals.note(exchange.socket.remoteAddress ?? '', error);
    refuseExchange(exchange, error, headers);
  }
}

const none: readonly string[] = Object.freeze([]);

function challenged({ guard }: Route, cors: readonly string[]): readonly string[] {
  return [...cors, ...guard.challenges.flatMap((challenge) => ['www-authenticate', challenge])];
}
