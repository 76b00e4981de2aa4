import { Fault } from '../fault.ts';
import { pathOf } from '../front-door/routes.ts';
import { corsHeaders, preflightHeaders, type CorsSettings } from './cors.ts';
import type { Exchange } from './exchange.ts';
import { readBody } from './read-body.ts';
import { parseBody } from './parse-body.ts';
import { RateLimit } from './rate-limit.ts';
import { Refusals } from './refusals.ts';
import type { ReplyOptions } from './reply.ts';
import { RouteTable } from './route-table.ts';
import type { Route, RouteLimits } from './route.ts';
import { streamBody } from './stream-body.ts';
import { queryOf, SiteRequest, type Caller } from './site-request.ts';
import { SiteResponse } from './site-response.ts';
import { refuseExchange } from './status-of-fault.ts';
import { readUpload, type UploadLimits } from './upload.ts';
import { FormError } from './form-fields.ts';

export interface SiteSettings extends UploadLimits, Omit<ReplyOptions, 'headers'> {
  /** Where it stands: '' or `/api`. */
  readonly base: string;
  readonly cors: CorsSettings;
  readonly maxBodyBytes: number;
  /** Requests that are read or worked on at once; more get 503. */
  readonly maxOpen: number;
  /** Requests of one address in a second; 0: any number. */
  readonly maxPerSecond: number;
  /** For the body to come, and for the flow to answer, in ms. */
  readonly bodyTimeoutMs: number;
  readonly answerTimeoutMs: number;
  /** Where files of forms go until the request is over. */
  readonly uploadFolder: string;
  readonly onRefused: (source: string, reason: string) => void;
}

/** Deadlines are looked at this often: a timer for each request would cost more than a small answer. */
const SWEEP_MS = 250;

interface Work {
  readonly limits: Timing;
  isReading: boolean;
  /** Sweep at which its time is over. */
  until: number;
}

type Timing = Pick<RouteLimits, 'bodyTimeoutMs' | 'answerTimeoutMs'>;

/** Routes below one path, and all that stands before them: who may ask, how much, how often and for how long. */
export class HttpSite implements AsyncDisposable {
  readonly settings: SiteSettings;
  readonly routes = new RouteTable<Route>();
  readonly refusals: Refusals;
  readonly #open = new Map<Exchange, Work>();
  readonly #rate: RateLimit | undefined;
  readonly #replying: ReplyOptions;
  readonly #sweeper: NodeJS.Timeout;
  #sweep = 0;

  constructor(settings: SiteSettings) {
    this.settings = settings;
    this.refusals = new Refusals(settings.onRefused);
    this.#rate = settings.maxPerSecond === 0 ? undefined : new RateLimit(settings.maxPerSecond);
    this.#replying = { ...settings, headers: [] };
    this.#sweeper = setInterval(() => this.#sweepOpen(), SWEEP_MS);
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
    clearInterval(this.#sweeper);
    for (const exchange of this.#open.keys()) refuseExchange(exchange, new Fault('NODE_CLOSED', { node: this.#name }));
    this.#open.clear();
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
    if (this.#open.size >= maxOpen) this.#forgetOver();
    if (this.#open.size >= maxOpen) {
      return this.#refuse(exchange, new Fault('QUEUE_FULL', { queue: this.#name, limit: maxOpen }), cors);
    }
    const { settings } = this;
    const { limits } = route;
    const work: Work = {
      limits: {
        bodyTimeoutMs: limits.bodyTimeoutMs || settings.bodyTimeoutMs,
        answerTimeoutMs: limits.answerTimeoutMs || settings.answerTimeoutMs,
      },
      isReading: false,
      until: 0,
    };
    this.#waitFor(work, 'answer');
    this.#open.set(exchange, work);
    const response = new SiteResponse(
      exchange,
      cors.length === 0 ? this.#replying : { ...this.#replying, headers: cors },
      this.#onAnswered,
    );
    // A request from middleware may have been read there.
    if (!exchange.hasBody || request.body !== undefined) return this.#hand(exchange, route, request, response, cors);
    this.#waitFor(work, 'body');
    const refuse = (error: unknown): void => this.#refuse(exchange, error, cors);
    const proceed = (): void => {
      this.#waitFor(work, 'answer');
      this.#hand(exchange, route, request, response, cors);
    };
    try {
      this.#readBody(exchange, route, request, work, proceed, refuse);
    } catch (error) {
      refuse(error);
    }
  }

  #readBody(
    exchange: Exchange,
    route: Route,
    request: SiteRequest,
    work: Work,
    proceed: () => void,
    refuse: (error: unknown) => void,
  ): void {
    const { settings } = this;
    const { maxBodyBytes } = route.limits;
    const maxUploadBytes = maxBodyBytes || settings.maxUploadBytes;
    if (route.body === 'stream') {
      request.body = streamBody(exchange, {
        limitBytes: maxUploadBytes,
        onPart: () => this.#waitFor(work, 'body'),
        onEnd: (error) => {
          this.#waitFor(work, 'answer');
          if (error === undefined) return;
          if (exchange.isAnswered) exchange.abort();
          else refuse(error);
        },
      });
      return proceed();
    }
    if (route.body === 'upload' && exchange.headers['content-type']?.startsWith('multipart/') === true) {
      const limits = { maxUploadBytes, maxFiles: settings.maxFiles };
      readUpload(exchange, settings.uploadFolder, limits).then(({ fields, files }) => {
        request.body = fields;
        request.files = files;
        proceed();
      }, refuse);
      return;
    }
    readBody(exchange, maxBodyBytes || settings.maxBodyBytes, (fault, body) => {
      try {
        if (fault !== undefined) throw fault;
        request.body = route.body === 'raw' ? body : parseBody(exchange.headers['content-type'], body);
      } catch (error) {
        return refuse(error);
      }
      proceed();
    });
  }

  /** Its time begins again. */
  #waitFor(work: Work, what: 'body' | 'answer'): void {
    const ms = what === 'body' ? work.limits.bodyTimeoutMs : work.limits.answerTimeoutMs;
    work.isReading = what === 'body';
    work.until = this.#sweep + Math.ceil(ms / SWEEP_MS) + 1;
  }

  #hand(exchange: Exchange, route: Route, request: SiteRequest, response: SiteResponse, cors: readonly string[]): void {
    if (exchange.isOver) {
      this.#open.delete(exchange);
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

  readonly #onAnswered = ({ exchange }: SiteResponse): void => void this.#open.delete(exchange);

  #refuse(exchange: Exchange, error: unknown, headers: readonly string[] = none): void {
    this.#open.delete(exchange);
    this.refusals.note(exchange.socket.remoteAddress ?? '', error);
    refuseExchange(exchange, error, headers);
  }

  #forgetOver(): void {
    for (const exchange of this.#open.keys()) if (exchange.isOver) this.#open.delete(exchange);
  }

  #sweepOpen(): void {
    this.#sweep += 1;
    this.#forgetOver();
    for (const [exchange, { isReading, until, limits }] of this.#open) {
      if (until > this.#sweep) continue;
      const { answerTimeoutMs, bodyTimeoutMs } = limits;
      const late = isReading
        ? new Fault('BODY_TOO_SLOW', { afterMs: bodyTimeoutMs })
        : new Fault('RESPONSE_MISSING', { path: exchange.target, afterMs: answerTimeoutMs });
      this.#refuse(exchange, late);
    }
  }
}

const none: readonly string[] = Object.freeze([]);

function challenged({ guard }: Route, cors: readonly string[]): readonly string[] {
  return [...cors, ...guard.challenges.flatMap((challenge) => ['www-authenticate', challenge])];
}
