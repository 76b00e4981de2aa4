import { hash, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Fault } from '../fault.ts';
import { identityOf } from '../front-door/door.ts';
import type { Exchange } from './exchange.ts';
import { RateLimit } from './rate-limit.ts';
import type { Caller } from './site-request.ts';

/** How a caller says who it is. */
export type Scheme = 'certificate' | 'basic' | 'bearer';

export type Verdict = Caller | Fault;

/** What a guard looks at. */
export type Asking = Pick<Exchange, 'headers' | 'socket'>;

/** Finds out who asks. */
export interface Guard {
  readonly schemes: readonly Scheme[];
  /** What a refused caller is told in www-authenticate (RFC 9110, 11.6.1). */
  readonly challenges: readonly string[];
  check(asking: Asking): Verdict | Promise<Verdict>;
}

const nobody: Caller = Object.freeze({});
/** Wrong guesses of one address in a second; further ones are not even looked at. */
const GUESSES_PER_SECOND = 10;

/** Lets everybody in; a certificate of our CA still says who it is. */
export const everybody: Guard = {
  schemes: [],
  challenges: [],
  check: ({ socket }) => {
    const identity = certifiedName(socket);
    return identity === undefined ? nobody : { identity };
  },
};

/** Whoever has a certificate our CA signed, by its name. */
export const byCertificate: Guard = {
  schemes: ['certificate'],
  challenges: [],
  check: ({ socket }) => {
    const identity = certifiedName(socket);
    return identity === undefined ? new Fault('IDENTITY_MISSING', {}) : { identity };
  },
};

/** Names and passwords (RFC 7617). Guessing is slowed for each address. */
export function byPassword(users: ReadonlyMap<string, string>, realm: string): Guard {
  const known = new Map([...users].map(([name, password]) => [name, digest(password)]));
  const never = digest(`${realm}${Math.random()}`);
  const guesses = new RateLimit(GUESSES_PER_SECOND);
  const refused = new Map<string, number>();
  return {
    schemes: ['basic'],
    challenges: [`Basic realm="${realm.replaceAll(/["\\]/g, '')}", charset="UTF-8"`],
    check({ headers, socket }) {
      const encoded = /^basic\s+([\w+/=-]+)$/i.exec(headers.authorization ?? '')?.[1];
      if (encoded === undefined) return new Fault('CREDENTIALS_REFUSED', { problem: 'there is no name and password' });
      const text = Buffer.from(encoded, 'base64').toString();
      const colon = text.indexOf(':');
      const name = text.slice(0, Math.max(0, colon));
      const expected = known.get(name) ?? never;
      const address = socket.remoteAddress ?? '';
      if (refused.has(address) && !guesses.take(address)) {
        return new Fault('RATE_EXCEEDED', { source: address, perSecond: GUESSES_PER_SECOND });
      }
      const isRight = timingSafeEqual(digest(text.slice(colon + 1)), expected);
      if (colon < 0 || !isRight) {
        refused.set(address, Date.now());
        const [oldest] = refused.size > 1_000 ? refused.keys() : [];
        if (oldest !== undefined) refused.delete(oldest);
        return new Fault('CREDENTIALS_REFUSED', { problem: 'the name or the password is wrong' });
      }
      refused.delete(address);
      return { identity: name };
    },
  };
}

/** The first of these that lets the caller in; with none of them, what the last one said. */
export function byAnyOf(guards: readonly Guard[]): Guard {
  return {
    schemes: guards.flatMap(({ schemes }) => schemes),
    challenges: guards.flatMap(({ challenges }) => challenges),
    async check(asking) {
      let verdict: Verdict = new Fault('IDENTITY_MISSING', {});
      for (const guard of guards) {
        verdict = await guard.check(asking);
        if (!(verdict instanceof Fault)) return verdict;
      }
      return verdict;
    },
  };
}

const certifiedName = (socket: Socket): string | undefined =>
  socket instanceof TLSSocket ? identityOf(socket) : undefined;

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');
