import { createHmac, randomBytes } from 'node:crypto';
import { DECOY_HASH, verifyPassword } from '../security/password.ts';
import type { Authenticate } from './admit.ts';
import type { AuthMethod } from './auth-method.ts';
import type { Authorize } from './broker.ts';
import { covers } from './covers.ts';
import { readUsers, type BrokerRights } from './read-users.ts';
import { scramMethod } from './scram.ts';

/** Passwords that were right are remembered (as a keyed hash) so that a reconnect of everybody does not cost minutes. */
const MAX_REMEMBERED = 10_000;
/** What a client may do when nothing is said about it. */
const EVERYTHING = ['#'];
const PREFIX = 'user:';

/** What {@link openBroker} needs to know its users. */
export interface Users {
  readonly authenticate: Authenticate;
  readonly authMethods: readonly AuthMethod[];
  readonly authorize: Authorize;
}

/** Identities `user:<name>` from a JSON file of users. Rejects with FILE_UNREADABLE or SETTINGS_INVALID. */
export async function openUsers(file: string): Promise<Users> {
  const { users, anonymous } = await readUsers(file);
  const key = randomBytes(32);
  const known = new Set<string>();
  const rightsOf = (identity: string | undefined): BrokerRights | undefined => {
    if (identity === undefined) return anonymous;
    return identity.startsWith(PREFIX) ? users.get(identity.slice(PREFIX.length)) : undefined;
  };
  return {
    async authenticate(identity, name, password) {
      if (name === undefined) return identity !== undefined || anonymous !== undefined;
      const user = users.get(name);
      const print = createHmac('sha256', key).update(`${name}\0${password}`).digest('base64');
      if (user === undefined || !known.has(print)) {
        const right = await verifyPassword(password ?? '', user?.password ?? DECOY_HASH);
        if (!right || user === undefined) return false;
        if (known.size >= MAX_REMEMBERED) known.clear();
        known.add(print);
      }
      return { identity: PREFIX + user.name };
    },
    authMethods: [
      scramMethod(
        (name) => users.get(name)?.scram,
        (name) => PREFIX + name,
      ),
    ],
    authorize(identity, action, topic) {
      const rights = rightsOf(identity);
      const never = action === 'publish' ? rights?.neverPublish : rights?.neverSubscribe;
      if (never?.some((denied) => covers(denied, topic)) === true) return false;
      return (rights?.[action] ?? EVERYTHING).some((allowed) => covers(allowed, topic));
    },
  };
}
