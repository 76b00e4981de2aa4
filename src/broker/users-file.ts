import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import { DECOY_HASH, isPasswordHash, verifyPassword } from '../security/password.ts';
import type { Authenticate } from './admit.ts';
import type { Authorize } from './broker.ts';
import { covers } from './covers.ts';
import { topicFilterProblem } from './topic.ts';

/** One entry of a users file. */
export interface BrokerUser {
  readonly name: string;
  /** As `chartwire broker password` prints it: `scrypt$…`. */
  readonly password: string;
  /** Topic filters; everything outside `$` topics when missing. */
  readonly publish?: readonly string[];
  readonly subscribe?: readonly string[];
}

/** Passwords that were right are remembered (as a keyed hash) so that a reconnect of everybody does not cost minutes. */
const MAX_REMEMBERED = 10_000;
/** What a client may do when its user says nothing about it. */
const EVERYTHING = ['#'];

/** Identities `user:<name>` from a JSON file of {@link BrokerUser}s. Rejects with FILE_UNREADABLE or SETTINGS_INVALID. */
export async function openUsers(file: string): Promise<{ authenticate: Authenticate; authorize: Authorize }> {
  const users = new Map((await readUsers(file)).map((user) => [user.name, user]));
  const key = randomBytes(32);
  const known = new Set<string>();
  return {
    async authenticate(identity, name, password) {
      if (identity !== undefined && name === undefined) return true;
      const user = users.get(name ?? '');
      const print = createHmac('sha256', key).update(`${name}\0${password}`).digest('base64');
      if (user === undefined || !known.has(print)) {
        const right = await verifyPassword(password ?? '', user?.password ?? DECOY_HASH);
        if (!right || user === undefined) return false;
        if (known.size >= MAX_REMEMBERED) known.clear();
        known.add(print);
      }
      return { identity: `user:${user.name}` };
    },
    authorize(identity, action, topic) {
      const user = identity?.startsWith('user:') === true ? users.get(identity.slice(5)) : undefined;
      return (user?.[action] ?? EVERYTHING).some((allowed) => covers(allowed, topic));
    },
  };
}

async function readUsers(file: string): Promise<BrokerUser[]> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('FILE_UNREADABLE', { file, reason }, { cause: error });
  }
  if (!Array.isArray(parsed)) throw new Fault('SETTINGS_INVALID', { problems: `${file} holds no list of users` });
  const users: unknown[] = parsed;
  const problems = users.flatMap((user) => userProblem(user) ?? []);
  if (problems.length > 0) throw new Fault('SETTINGS_INVALID', { problems: `${file}: ${problems.join('; ')}` });
  return users as BrokerUser[];
}

function userProblem(user: unknown): string | undefined {
  if (typeof user !== 'object' || user === null || !('name' in user) || typeof user.name !== 'string')
    return 'a user has no name';
  if (!('password' in user) || !isPasswordHash(user.password))
    return `the password of ${user.name} is not one "chartwire broker password" printed`;
  for (const action of ['publish', 'subscribe'] as const) {
    const filters: unknown = Reflect.get(user, action);
    if (filters === undefined) continue;
    if (!Array.isArray(filters) || !filters.every((filter) => typeof filter === 'string'))
      return `${action} of ${user.name} is no list of topic filters`;
    const problem = filters.map((filter) => topicFilterProblem(filter)).find((found) => found !== undefined);
    if (problem !== undefined) return `${action} of ${user.name}: ${problem}`;
  }
  return undefined;
}
