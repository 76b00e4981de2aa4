import { reasonCode, type Auth } from '../wire/mqtt/index.ts';
import type { Login } from './admit.ts';
import type { AuthExchange, AuthMethod, AuthStep } from './auth-method.ts';
import type { Connection } from './connection.ts';

/** How an authentication ended; `data` is the last the client needs. */
export type AuthEnd = { readonly login: Login; readonly data: Uint8Array | undefined } | undefined;

/** The AUTH packets of a connection: before its CONNACK, and again whenever the client wants (MQTT 5, 4.12). */
export class AuthTalk {
  readonly #connection: Connection;
  readonly #method: AuthMethod;
  #exchange: AuthExchange | undefined;
  #end: (end: AuthEnd) => void = () => undefined;

  constructor(connection: Connection, method: AuthMethod) {
    this.#connection = connection;
    this.#method = method;
  }

  /** A new authentication; `end` is told how it went. */
  begin(data: Uint8Array | undefined, end: (end: AuthEnd) => void): void {
    this.#exchange = this.#method.start(this.#connection.connect!.clientId);
    this.#end = end;
    this.#step(data);
  }

  /** An AUTH of the client's. */
  take({ reasonCode: code, properties }: Auth): void {
    const { authenticationMethod, authenticationData } = properties;
    const connection = this.#connection;
    const again = code === reasonCode.reauthenticate;
    const due = again ? connection.state === 'open' && this.#exchange === undefined : this.#exchange !== undefined;
    if (code === 0 || authenticationMethod !== this.#method.name || !due)
      connection.deny(reasonCode.protocolError, 'AUTH was not expected');
    else if (again) this.begin(authenticationData, (end) => this.#renewed(end));
    else this.#step(authenticationData);
  }

  #step(data: Uint8Array | undefined): void {
    const exchange = this.#exchange!;
    const failed = (error: unknown): void => {
      this.#connection.core.onError(error instanceof Error ? error : new Error(String(error)));
      this.#take({ is: 'refused' });
    };
    let step: AuthStep | Promise<AuthStep>;
    try {
      step = exchange.next(data);
    } catch (error) {
      failed(error);
      return;
    }
    if (step instanceof Promise) this.#connection.hold(step.then((taken) => this.#take(taken), failed));
    else this.#take(step);
  }

  #take(step: AuthStep): void {
    const { state, outlet } = this.#connection;
    if (state !== 'admitting' && state !== 'open') return;
    if (step.is === 'going on') {
      const properties = { authenticationMethod: this.#method.name, authenticationData: step.data };
      outlet.writer.packet({ type: 'auth', reasonCode: reasonCode.continueAuthentication, properties });
      return;
    }
    this.#exchange = undefined;
    this.#end(step.is === 'done' ? { login: step.login, data: step.data } : undefined);
  }

  /** The session stays with its identity: a client cannot become somebody else on its way. */
  #renewed(end: AuthEnd): void {
    const connection = this.#connection;
    if (end === undefined || end.login.identity !== connection.identity) {
      connection.deny(reasonCode.notAuthorized, 'it could not show again who it is');
      return;
    }
    const properties = {
      authenticationMethod: this.#method.name,
      ...(end.data !== undefined && { authenticationData: end.data }),
    };
    connection.outlet.writer.packet({ type: 'auth', reasonCode: 0, properties });
  }
}
