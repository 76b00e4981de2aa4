import { reasonCode, type Auth, type PacketWriter } from '../../../wire/mqtt/index.ts';
import type { Authentication } from './settings.ts';

/** Answers what a broker asks in an enhanced authentication (MQTT 5, 4.12). */
export class Challenges {
  readonly #authentication: Authentication | undefined;
  readonly #writer: PacketWriter;
  readonly #isOpen: () => boolean;

  constructor(authentication: Authentication | undefined, writer: PacketWriter, isOpen: () => boolean) {
    this.#authentication = authentication;
    this.#writer = writer;
    this.#isOpen = isOpen;
  }

  /** Begins the exchange again while the connection goes on (MQTT 5, 4.12.1). */
  again(): void {
    const authentication = this.#authentication;
    if (authentication !== undefined) this.#send(authentication, reasonCode.reauthenticate, authentication.data);
  }

  /** To what the broker says in the method agreed on. Rejects with what the answer throws. */
  async answer({ properties: { authenticationData, reasonString } }: Auth): Promise<void> {
    const authentication = this.#authentication;
    if (authentication === undefined) return;
    if (reasonString !== undefined && authenticationData === undefined) return;
    const answer = await authentication.answer?.(authenticationData ?? Buffer.alloc(0));
    if (answer !== undefined && this.#isOpen()) this.#send(authentication, reasonCode.continueAuthentication, answer);
  }

  #send({ method }: Authentication, code: number, data: Uint8Array | undefined): void {
    this.#writer.packet({
      type: 'auth',
      reasonCode: code,
      properties: {
        authenticationMethod: method,
        ...(data === undefined ? {} : { authenticationData: data }),
      },
    });
  }
}
