import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { Fault } from '../fault.ts';
import { DECOY_HASH, hashPassword, isPasswordHash, passwordProblem, verifyPassword } from './password.ts';
import { createSecret, readSecret } from './secret-file.ts';

export const ADMIN_USER = 'admin';

/** The one user of the editor. Until a password is set, `token` (shown on the console only) is the right to set it. */
export interface Admin {
  readonly needsSetup: boolean;
  /** Undefined once a password is set. Another at every start, never stored. */
  readonly token: string | undefined;
  /** True for the token while it is valid. Compares in constant time. */
  accepts(token: string): boolean;
  /** Uses up the token. Resolves with why it was not done, or undefined. */
  setPassword(token: string, password: string): Promise<string | undefined>;
  /** Sets the first password without a token, for unattended set-up; resolves with why it was not done, or undefined. */
  provision(password: string): Promise<string | undefined>;
  authenticate(user: string, password: string): Promise<boolean>;
}

/** Reads `<home>/admin.json` (mode 0600). Throws SETTINGS_INVALID when it is damaged: set-up never opens again by itself. */
export async function openAdmin(home: string): Promise<Admin> {
  const file = join(home, 'admin.json');
  let hash = await readHash(file);
  let token = hash === undefined ? randomBytes(32).toString('base64url') : undefined;

  const accepts = (given: string): boolean => token !== undefined && timingSafeEqual(digest(given), digest(token));
  const store = async (password: string): Promise<string | undefined> => {
    const problem = passwordProblem(password);
    if (problem !== undefined) return problem;
    const made = await hashPassword(password);
    const text = `${JSON.stringify({ version: 1, user: ADMIN_USER, passwordHash: made }, null, 2)}\n`;
    if (!(await createSecret(file, text))) return 'a password is set already';
    hash = made;
    token = undefined;
    return undefined;
  };

  return {
    get needsSetup() {
      return hash === undefined;
    },
    get token() {
      return token;
    },
    accepts,
    setPassword: async (given, password) => (accepts(given) ? store(password) : 'the set-up token is wrong or used up'),
    provision: async (password) => (hash === undefined ? store(password) : 'a password is set already'),
    async authenticate(user, password) {
      // Another user name takes as long as a wrong password.
      const right = await verifyPassword(password, (user === ADMIN_USER ? hash : undefined) ?? DECOY_HASH);
      return right && user === ADMIN_USER && hash !== undefined;
    },
  };
}

async function readHash(file: string): Promise<string | undefined> {
  const secret = await readSecret(file);
  if (secret === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(secret.text);
    if (
      typeof parsed === 'object' &&
      parsed !== null &&
      'passwordHash' in parsed &&
      isPasswordHash(parsed.passwordHash)
    ) {
      return parsed.passwordHash;
    }
  } catch {
    // reported below
  }
  throw new Fault('SETTINGS_INVALID', {
    problems: `${file} holds no password; restore it, or remove it to choose a new one`,
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
