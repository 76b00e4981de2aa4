import { reasonCode, type Connect } from '../wire/mqtt/index.ts';
import { AuthTalk } from './auth-talk.ts';
import type { Connection } from './connection.ts';
import { enter, turnAway } from './enter.ts';

/** Says under which identity a client goes on whose certificate names none. */
export interface Login {
  readonly identity: string;
}

/** Checks a user name and password; `identity` is the verified certificate subject. */
export type Authenticate = (
  identity: string | undefined,
  username: string | undefined,
  password: string | undefined,
) => boolean | Login | Promise<boolean | Login>;

/** Finds out who a CONNECT is from (MQTT 5, 3.1.4). What comes behind it waits meanwhile. */
export function admit(connection: Connection, connect: Connect): void {
  const { core, identity } = connection;
  const { authenticate } = core;
  // Before anything that costs: a password takes a tenth of a second.
  if (core.connects?.allows() === false) {
    turnAway(connection, { code: reasonCode.connectionRateExceeded, reason: 'too many connect at the same time' });
    return;
  }
  if (connect.properties.authenticationMethod !== undefined) {
    talk(connection, connect, connect.properties.authenticationMethod);
    return;
  }
  if (authenticate === undefined) {
    enter(connection, connect, {});
    return;
  }
  const password = connect.password === undefined ? undefined : Buffer.from(connect.password).toString();
  const known = (login: boolean | Login): void => {
    if (connection.state !== 'admitting') return;
    if (login === false) refuseLogin(connection, connect);
    else enter(connection, connect, typeof login === 'object' ? { login } : {});
  };
  const failed = (error: unknown): void => {
    core.onError(error instanceof Error ? error : new Error(String(error)));
    if (connection.state !== 'admitting') return;
    turnAway(connection, { code: reasonCode.serverUnavailable, reason: 'the login could not be checked' });
  };
  try {
    const answer = authenticate(identity, connect.username, password);
    if (answer instanceof Promise) connection.hold(answer.then(known, failed));
    else known(answer);
  } catch (error) {
    failed(error);
  }
}

/** Enhanced authentication (MQTT 5, 4.12). */
function talk(connection: Connection, connect: Connect, name: string): void {
  const method = connection.core.authMethods.find((known) => known.name === name);
  if (method === undefined) {
    turnAway(connection, { code: reasonCode.badAuthenticationMethod, reason: 'the broker knows no such method' });
    return;
  }
  connection.talk = new AuthTalk(connection, method);
  connection.talk.begin(connect.properties.authenticationData, (end) => {
    if (end === undefined) refuseLogin(connection, connect);
    else
      enter(connection, connect, {
        login: end.login,
        properties: {
          authenticationMethod: name,
          ...(end.data !== undefined && { authenticationData: end.data }),
        },
      });
  });
}

function refuseLogin(connection: Connection, { username, properties }: Connect): void {
  const nameless = username === undefined && properties.authenticationMethod === undefined;
  turnAway(
    connection,
    nameless
      ? { code: reasonCode.notAuthorized, reason: 'a user name and password are needed' }
      : { code: reasonCode.badUserNameOrPassword, reason: 'wrong user name or password' },
  );
}
