import type { Login } from './admit.ts';

/** What one step of an enhanced authentication comes to (MQTT 5, 4.12). */
export type AuthStep =
  | { readonly is: 'going on'; readonly data: Uint8Array }
  | { readonly is: 'done'; readonly login: Login; readonly data?: Uint8Array }
  | { readonly is: 'refused' };

/** One authentication of one client: takes what it sends, step by step. */
export interface AuthExchange {
  /** `undefined` when the client sent no data. A rejection refuses the client and is told. */
  next(data: Uint8Array | undefined): AuthStep | Promise<AuthStep>;
}

/** A way for clients to show who they are, named in their CONNECT (MQTT 5, 3.1.2.11.9). */
export interface AuthMethod {
  readonly name: string;
  start(clientId: string): AuthExchange;
}
