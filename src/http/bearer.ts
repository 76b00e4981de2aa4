import { hash } from 'node:crypto';
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { Fault } from '../fault.ts';
import type { Guard, Verdict } from './guard.ts';
import { keyFinder } from './key-set.ts';
import type { Caller } from './site-request.ts';

export interface BearerSettings {
  /** Where the keys that sign tokens are (RFC 7517), or the key set itself as JSON; '' for none. */
  readonly keys: string;
  /** Required `iss` and `aud`; '' for any. */
  readonly issuer: string;
  readonly audience: string;
  /** Fixed tokens of callers, by name. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Difference between clocks that is forgiven, in s. */
  readonly clockToleranceSeconds: number;
}

/** Signatures only the holder of a private key can make: with a shared secret, whoever checks can also forge. */
const ALGORITHMS = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
  'Ed25519',
];
/** A token that was checked is believed for so long, and so many are remembered. */
const BELIEVED_MS = 60_000;
const MAX_BELIEVED = 1_000;

/** Bearer tokens (RFC 6750): JWTs signed by one of the keys, or fixed ones. */
export function byToken({ keys, issuer, audience, tokens, clockToleranceSeconds }: BearerSettings): Guard {
  const fixed = new Map([...tokens].map(([name, token]) => [hash('sha256', token), name]));
  const find = keys === '' ? undefined : keyFinder(keys);
  const believed = new Map<string, { readonly caller: Caller; readonly until: number }>();
  const options = {
    algorithms: ALGORITHMS,
    clockTolerance: clockToleranceSeconds,
    ...(issuer !== '' && { issuer }),
    ...(audience !== '' && { audience }),
  };
  return {
    schemes: ['bearer'],
    challenges: ['Bearer'],
    check({ headers }) {
      const token = /^bearer\s+([\w.~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1];
      if (token === undefined) return refused('there is no bearer token');
      const key = hash('sha256', token);
      const name = fixed.get(key);
      if (name !== undefined) return { identity: name };
      const known = believed.get(key);
      if (known !== undefined && known.until > Date.now()) return known.caller;
      believed.delete(key);
      return find === undefined ? refused('the token is unknown') : verify(find, token, key);
    },
  };

  async function verify(find: JWTVerifyGetKey, token: string, key: string): Promise<Verdict> {
    try {
      const { payload } = await jwtVerify(token, find, options);
      const caller: Caller = { ...(payload.sub !== undefined && { identity: payload.sub }), claims: payload };
      const until = Math.min(Date.now() + BELIEVED_MS, (payload.exp ?? Infinity) * 1000);
      believed.set(key, { caller, until });
      const [oldest] = believed.size > MAX_BELIEVED ? believed.keys() : [];
      if (oldest !== undefined) believed.delete(oldest);
      return caller;
    } catch (error) {
      if (error instanceof errors.JWTExpired) return refused('the token has expired');
      if (error instanceof errors.JWTClaimValidationFailed) return refused(`the token has another ${error.claim}`);
      if (error instanceof errors.JOSEError && !isOfKeys(error)) return refused('the token is not valid');
      throw new Fault('FAR_SIDE_GONE', { url: 'the keys of tokens' }, { cause: error });
    }
  }
}

/** The keys could not be had, which is not the caller's fault. */
const isOfKeys = ({ code }: errors.JOSEError): boolean =>
  ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'].includes(code);

const refused = (problem: string): Fault => new Fault('CREDENTIALS_REFUSED', { problem });
