import { Fault } from '../fault.ts';
import type { Schema } from '../schema/schema.ts';
import type { Guard } from './guard.ts';
import { RateLimit } from './rate-limit.ts';
import type { Caller, SiteRequest } from './site-request.ts';
import type { SiteResponse } from './site-response.ts';

/** What a route says about itself in the OpenAPI document. */
export interface RouteWords {
  readonly summary: string;
  readonly description: string;
  /** JSON Schemas, when there are some. */
  readonly requestSchema: unknown;
  readonly responseSchema: unknown;
}

/** Where a route differs from its site; 0: as the site has it. */
export interface RouteLimits {
  readonly maxBodyBytes: number;
  /** Requests of one address in a second. */
  readonly maxPerSecond: number;
  readonly bodyTimeoutMs: number;
  readonly answerTimeoutMs: number;
}

export const likeItsSite: RouteLimits = { maxBodyBytes: 0, maxPerSecond: 0, bodyTimeoutMs: 0, answerTimeoutMs: 0 };

export interface RouteSettings {
  readonly guard: Guard;
  /** Identities that may ask; empty: all the guard lets in. */
  readonly identities: readonly string[];
  /** Scope a token must have; '' for none. */
  readonly scope: string;
  /** What becomes of a body: a value, its bytes, fields and files, or a stream that the owner reads. */
  readonly body: 'parsed' | 'raw' | 'upload' | 'stream';
  readonly limits: RouteLimits;
  /** What a body must be. */
  readonly schema: Schema | undefined;
  readonly words: RouteWords;
  readonly take: (request: SiteRequest, response: SiteResponse) => void;
}

/** One method of one path, and who works on it. */
export class Route {
  readonly guard: Guard;
  readonly body: RouteSettings['body'];
  readonly limits: RouteLimits;
  /** Who may ask how often; undefined: as often as the site says. */
  readonly rate: RateLimit | undefined;
  readonly words: RouteWords;
  readonly take: RouteSettings['take'];
  readonly #identities: ReadonlySet<string>;
  readonly #scope: string;
  readonly #schema: Schema | undefined;

  constructor({ guard, identities, scope, body, limits, schema, words, take }: RouteSettings) {
    this.guard = guard;
    this.body = body;
    this.limits = limits;
    this.rate = limits.maxPerSecond === 0 ? undefined : new RateLimit(limits.maxPerSecond);
    this.words = words;
    this.take = take;
    this.#identities = new Set(identities);
    this.#scope = scope;
    this.#schema = schema;
  }

  /** Why this caller may not ask here, whoever it is. */
  forbids({ identity, claims }: Caller): Fault | undefined {
    if (this.#identities.size > 0 && (identity === undefined || !this.#identities.has(identity))) {
      if (identity === undefined) return new Fault('IDENTITY_MISSING', {});
      return new Fault('ACTION_FORBIDDEN', { identity, action: 'ask here' });
    }
    if (this.#scope === '') return undefined;
    const scope = claims?.['scope'];
    if (typeof scope === 'string' && scope.split(' ').includes(this.#scope)) return undefined;
    return new Fault('ACTION_FORBIDDEN', {
      identity: identity ?? 'a token',
      action: `ask here without the scope ${this.#scope}`,
    });
  }

  /** What is wrong with a body that must follow a schema. */
  problem({ body }: SiteRequest): string | undefined {
    return this.#schema?.validate(body);
  }
}
