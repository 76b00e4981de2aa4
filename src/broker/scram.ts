import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { AuthExchange, AuthMethod, AuthStep } from './auth-method.ts';

/** What a server knows of a password: enough to check it, not enough to log in with (RFC 5802, section 3). */
interface Verifier {
  readonly iterations: number;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

const METHOD = 'SCRAM-SHA-256';
/** The client counts them at each login; RFC 7677 asks for 4,096 at least, OWASP for 600,000. */
const ITERATIONS = 600_000;
const KEY_BYTES = 32;
const BASE64 = '[A-Za-z0-9+/]+={0,2}';
const FORM = new RegExp(`^SCRAM-SHA-256\\$(\\d{4,8}):(${BASE64})\\$(${BASE64}):(${BASE64})$`);
const derive = promisify(pbkdf2);

/** `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`, the form PostgreSQL keeps them in. */
export async function scramVerifier(password: string, iterations = ITERATIONS): Promise<string> {
  const salt = randomBytes(16);
  const salted = await derive(password.normalize('NFKC'), salt, iterations, KEY_BYTES, 'sha256');
  const storedKey = sha256(hmac(salted, 'Client Key'));
  const keys = [storedKey, hmac(salted, 'Server Key')].map((key) => key.toString('base64'));
  return `${METHOD}$${iterations}:${salt.toString('base64')}$${keys.join(':')}`;
}

/** True for a text {@link scramVerifier} made. */
export function isScramVerifier(text: unknown): text is string {
  return typeof text === 'string' && readVerifier(text) !== undefined;
}

/** SCRAM-SHA-256 (RFC 5802, RFC 7677) without channel binding. `verifierOf` gives what is kept of a user's password. */
export function scramMethod(
  verifierOf: (user: string) => string | undefined,
  identityOf: (user: string) => string,
): AuthMethod {
  const secret = randomBytes(KEY_BYTES);
  // Who does not exist has a salt too, the same each time, so that nobody learns who exists.
  const nobody = (user: string): Verifier => ({
    iterations: ITERATIONS,
    salt: hmac(secret, user).subarray(0, 16),
    storedKey: randomBytes(KEY_BYTES),
    serverKey: randomBytes(KEY_BYTES),
  });
  return {
    name: METHOD,
    start: () =>
      exchangeOf(
        (user) => readVerifier(verifierOf(user)) ?? nobody(user),
        (user) => identityOf(user),
      ),
  };
}

function exchangeOf(verifierOf: (user: string) => Verifier, identityOf: (user: string) => string): AuthExchange {
  let first: { readonly user: string; readonly bare: string; readonly header: string } | undefined;
  let sent = '';
  let nonce = '';
  let verifier: Verifier | undefined;

  const greet = (text: string): AuthStep => {
    const [, header = '', bare = '', name = '', clientNonce = ''] =
      /^([ny],(?:a=[^,]*)?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/s.exec(text) ?? [];
    const user = nameOf(name);
    // An authorization identity other than the user's would be to act for somebody else.
    const authzid = /a=([^,]*)/.exec(header)?.[1];
    if (user === undefined || (authzid !== undefined && authzid !== '' && authzid !== name)) return { is: 'refused' };
    first = { user, bare, header };
    verifier = verifierOf(user);
    nonce = clientNonce + randomBytes(18).toString('base64');
    sent = `r=${nonce},s=${verifier.salt.toString('base64')},i=${verifier.iterations}`;
    return { is: 'going on', data: Buffer.from(sent) };
  };
  const check = (text: string): AuthStep => {
    const [, unproved = '', binding = '', given = '', proof = ''] =
      /^(c=([^,]*),r=([^,]*)(?:,[^,]*)*?),p=([^,]*)$/s.exec(text) ?? [];
    const { user, bare, header } = first!;
    const { storedKey, serverKey } = verifier!;
    const proved = Buffer.from(proof, 'base64');
    if (given !== nonce || Buffer.from(binding, 'base64').toString() !== header || proved.length !== KEY_BYTES)
      return { is: 'refused' };
    const said = `${bare},${sent},${unproved}`;
    const signature = hmac(storedKey, said);
    const clientKey = proved.map((byte, index) => byte ^ signature[index]!);
    if (!timingSafeEqual(sha256(clientKey), storedKey)) return { is: 'refused' };
    const answer = `v=${hmac(serverKey, said).toString('base64')}`;
    return { is: 'done', login: { identity: identityOf(user) }, data: Buffer.from(answer) };
  };
  return {
    next(data) {
      const text = Buffer.from(data ?? []).toString();
      return first === undefined ? greet(text) : check(text);
    },
  };
}

/** `=2C` and `=3D` stand for a comma and an equals sign (RFC 5802, section 5.1); undefined for a name that holds others. */
function nameOf(text: string): string | undefined {
  if (text === '' || /=(?!2C|3D)/.test(text)) return undefined;
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=').normalize('NFKC');
}

function readVerifier(text: string | undefined): Verifier | undefined {
  const [, iterations, salt, storedKey, serverKey] = FORM.exec(text ?? '') ?? [];
  if (salt === undefined || storedKey === undefined || serverKey === undefined) return undefined;
  const verifier = {
    iterations: Number(iterations),
    salt: Buffer.from(salt, 'base64'),
    storedKey: Buffer.from(storedKey, 'base64'),
    serverKey: Buffer.from(serverKey, 'base64'),
  };
  const whole = verifier.storedKey.length === KEY_BYTES && verifier.serverKey.length === KEY_BYTES;
  return whole && verifier.iterations >= 4096 ? verifier : undefined;
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
