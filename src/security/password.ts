import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

const MIN_LENGTH = 12;
const MAX_BYTES = 1024;
const MIN_DIFFERENT = 5;
/** 32 MiB and about 0.2 s on a small board (OWASP password storage: N=2^15, r=8, p=3). */
const COST = { N: 32_768, r: 8, p: 3 } as const;
const HASH_BYTES = 32;
const FORM = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22,})\$([\w-]{43})$/;

/** Why a password is too weak to take. */
export function passwordProblem(text: string): string | undefined {
  const characters = Array.from(text.normalize('NFKC'));
  if (characters.length < MIN_LENGTH) return `the password has fewer than ${MIN_LENGTH} characters`;
  if (Buffer.byteLength(text) > MAX_BYTES) return `the password is longer than ${MAX_BYTES} bytes`;
  if (new Set(characters).size < MIN_DIFFERENT)
    return `the password has fewer than ${MIN_DIFFERENT} different characters`;
  if (/^(.{1,6})\1+$/u.test(text)) return 'the password repeats one short piece';
  return undefined;
}

/** `scrypt$N$r$p$salt$hash`, base64url: holds all that checking it needs, so the cost can rise later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  return `scrypt$${COST.N}$${COST.r}$${COST.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** False for a wrong password and for a text that is no hash. Compares in constant time. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = FORM.exec(stored) ?? [];
  if (salt === undefined || hash === undefined || Buffer.byteLength(password) > MAX_BYTES) return false;
  const known = Buffer.from(hash, 'base64url');
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return timingSafeEqual(given, known);
}

/** A hash of no known password: checking against it takes as long as against a real one. */
export const DECOY_HASH = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** True for a text {@link hashPassword} made. */
export function isPasswordHash(text: unknown): text is string {
  return typeof text === 'string' && FORM.test(text);
}

function derive(password: string, salt: Buffer, cost: { N: number; r: number; p: number }): Promise<Buffer> {
  const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r };
  return new Promise((resolve, reject) => {
    // Keyboards give the same character in different forms.
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
