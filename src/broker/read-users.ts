import { readFile } from 'node:fs/promises';
import { Fault } from '../fault.ts';
import { isPasswordHash } from '../security/password.ts';
import { isScramVerifier } from './scram.ts';
import { topicFilterProblem } from './topic.ts';

/** What one may do. Topic filters. */
export interface BrokerRights {
  /** Everything outside `$` topics when missing. */
  readonly publish?: readonly string[];
  readonly subscribe?: readonly string[];
  /** Taken from the former. A subscription that reaches further is granted, without them. */
  readonly neverPublish?: readonly string[];
  readonly neverSubscribe?: readonly string[];
}

/** One entry of a users file. */
export interface BrokerUser extends BrokerRights {
  readonly name: string;
  /** As `chartwire broker password` prints it: `scrypt$…`. */
  readonly password?: string;
  /** As `chartwire broker password --scram` prints it, for enhanced authentication: `SCRAM-SHA-256$…`. */
  readonly scram?: string;
}

export interface UsersFile {
  readonly users: ReadonlyMap<string, BrokerUser>;
  /** Of clients that give no user name; nobody lets them in when missing. */
  readonly anonymous: BrokerRights | undefined;
}

/** Rejects with FILE_UNREADABLE or SETTINGS_INVALID. */
export async function readUsers(file: string): Promise<UsersFile> {
  const parsed = parse(file, await textOf(file));
  if (!Array.isArray(parsed)) throw new Fault('SETTINGS_INVALID', { problems: `${file} holds no list of users` });
  const entries: unknown[] = parsed;
  const problems = entries.flatMap((entry) => entryProblem(entry) ?? []);
  if (problems.length > 0) throw new Fault('SETTINGS_INVALID', { problems: `${file}: ${problems.join('; ')}` });
  const anonymous = (entries as BrokerRights[]).find(isAnonymous);
  const users = (entries as BrokerUser[]).filter((entry) => !isAnonymous(entry));
  return { users: new Map(users.map((user) => [user.name, user])), anonymous };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('FILE_UNREADABLE', { file, reason }, { cause: error });
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault('SETTINGS_INVALID', { problems: `${file} is no JSON` }, { cause: error });
  }
}

const RIGHTS = ['publish', 'subscribe', 'neverPublish', 'neverSubscribe'] as const;

function isAnonymous(entry: object): boolean {
  return 'anonymous' in entry && entry.anonymous === true;
}

function entryProblem(entry: unknown): string | undefined {
  if (typeof entry !== 'object' || entry === null) return 'an entry is no user';
  return isAnonymous(entry) ? rightsProblem(entry, 'who is anonymous') : userProblem(entry);
}

function userProblem(user: object): string | undefined {
  if (!('name' in user) || typeof user.name !== 'string') return 'a user has no name';
  const { name } = user;
  const password: unknown = Reflect.get(user, 'password');
  const scram: unknown = Reflect.get(user, 'scram');
  if (password === undefined && scram === undefined) return `${name} has neither password nor scram`;
  if (password !== undefined && !isPasswordHash(password))
    return `the password of ${name} is not one "chartwire broker password" printed`;
  if (scram !== undefined && !isScramVerifier(scram))
    return `the scram of ${name} is not one "chartwire broker password --scram" printed`;
  return rightsProblem(user, name);
}

function rightsProblem(entry: object, who: string): string | undefined {
  for (const right of RIGHTS) {
    const filters: unknown = Reflect.get(entry, right);
    if (filters === undefined) continue;
    if (!Array.isArray(filters) || !filters.every((filter) => typeof filter === 'string'))
      return `${right} of ${who} is no list of topic filters`;
    const problem = filters.map((filter) => topicFilterProblem(filter)).find((found) => found !== undefined);
    if (problem !== undefined) return `${right} of ${who}: ${problem}`;
  }
  return undefined;
}
