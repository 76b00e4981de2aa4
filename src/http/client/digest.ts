import { createHash, randomBytes } from 'node:crypto';

/** What a far side wants to be proven (RFC 7616, 3.3). */
interface Challenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: string;
  readonly qop: 'auth' | undefined;
}

/** Best first, by OpenSSL's names. A far side that offers several is answered with the best. */
const HASHES: Readonly<Record<string, string>> = { 'sha-512-256': 'sha512-256', 'sha-256': 'sha256', md5: 'md5' };

export interface Secret {
  readonly user: string;
  readonly password: string;
}

/** Digest authentication with one far side: remembers its challenge, so that only the first request is asked twice. */
export class Digest {
  readonly #secret: Secret;
  #challenge: Challenge | undefined;
  #count = 0;

  constructor(secret: Secret) {
    this.#secret = secret;
  }

  /** Takes what the far side asks for. False when it asks for nothing we can prove. */
  challenged(header: string): boolean {
    const offered = challengesOf(header);
    const best = Object.keys(HASHES)
      .map((hash) => offered.find(({ algorithm }) => baseOf(algorithm) === hash))
      .find((challenge) => challenge !== undefined);
    if (best === undefined) return false;
    this.#challenge = best;
    this.#count = 0;
    return true;
  }

  /** The `Authorization` of a request; undefined before the first challenge. */
  authorize(method: string, path: string): string | undefined {
    const challenge = this.#challenge;
    if (challenge === undefined) return undefined;
    this.#count += 1;
    const { realm, nonce, opaque, algorithm, qop } = challenge;
    const { user, password } = this.#secret;
    const hash = (text: string): string => createHash(HASHES[baseOf(algorithm)]!).update(text).digest('hex');
    const cnonce = randomBytes(16).toString('hex');
    const nc = this.#count.toString(16).padStart(8, '0');
    const key = hash(`${user}:${realm}:${password}`);
    const sessionKey = /-sess$/i.test(algorithm) ? hash(`${key}:${nonce}:${cnonce}`) : key;
    const what = hash(`${method}:${path}`);
    const proof = qop === undefined ? [sessionKey, nonce, what] : [sessionKey, nonce, nc, cnonce, qop, what];
    const parts = [
      `username="${quoted(user)}"`,
      `realm="${quoted(realm)}"`,
      `nonce="${quoted(nonce)}"`,
      `uri="${path}"`,
      `algorithm=${algorithm}`,
      `response="${hash(proof.join(':'))}"`,
      ...(opaque === undefined ? [] : [`opaque="${quoted(opaque)}"`]),
      ...(qop === undefined ? [] : [`qop=${qop}`, `nc=${nc}`, `cnonce="${cnonce}"`]),
    ];
    return `Digest ${parts.join(', ')}`;
  }
}

function challengesOf(header: string): Challenge[] {
  return header
    .split(/(?:^|,\s*)Digest\s+/i)
    .slice(1)
    .flatMap((text) => {
      const parameters = new Map<string, string>();
      for (const [, name = '', inQuotes, plain] of text.matchAll(
        /([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
      )) {
        parameters.set(name.toLowerCase(), inQuotes?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '');
      }
      const [realm, nonce] = [parameters.get('realm'), parameters.get('nonce')];
      const qops = parameters
        .get('qop')
        ?.split(',')
        .map((qop) => qop.trim());
      if (realm === undefined || nonce === undefined || (qops !== undefined && !qops.includes('auth'))) return [];
      const algorithm = parameters.get('algorithm') ?? 'MD5';
      return [
        { realm, nonce, opaque: parameters.get('opaque'), algorithm, qop: qops === undefined ? undefined : 'auth' },
      ];
    });
}

const baseOf = (algorithm: string): string => algorithm.toLowerCase().replace(/-sess$/, '');
const quoted = (text: string): string => text.replaceAll(/["\\]/g, String.raw`\$&`);
