import type { Services } from '../../src/app/services.ts';
import { EmbeddedSide } from './embedded-side.ts';
import { SharedClient, type SharedSettings } from './shared-client.ts';
import type { MqttSide } from './side.ts';

/** The ways to one broker: the one connection that all its nodes share, opened when one of them needs it, or no connection at all. */
export class BrokerSides implements AsyncDisposable {
  readonly #settings: SharedSettings;
  readonly #whenAllAreHere: (dial: () => void) => void;
  readonly #embedded: EmbeddedSide | undefined;
  #socket: SharedClient | undefined;

  /** With `broker` those that do not mind reach it directly. */
  constructor(settings: SharedSettings, whenAllAreHere: (dial: () => void) => void, broker?: Services['broker']) {
    this.#settings = settings;
    this.#whenAllAreHere = whenAllAreHere;
    this.#embedded = broker && new EmbeddedSide(broker, () => this.socket);
  }

  get any(): MqttSide {
    return this.#embedded ?? this.socket;
  }

  get socket(): SharedClient {
    return (this.#socket ??= new SharedClient(this.#settings, this.#whenAllAreHere));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket?.[Symbol.asyncDispose]();
  }
}
