import { brokerAddress, referredAddress, type BrokerAddress } from './address.ts';

/** Where a broker may send us in a row before we are up anywhere. */
const MOST_REDIRECTS = 3;

/** The broker to dial next: the one we were told of, or where that one sends us (MQTT 5, 4.11). */
export class Destination {
  readonly #url: string;
  readonly #follows: boolean;
  #address: BrokerAddress;
  #redirects = 0;
  #wasUp = false;

  /** Throws TypeError for a URL that is none. */
  constructor(url: string, follows: boolean) {
    this.#url = url;
    this.#follows = follows;
    this.#address = brokerAddress(url);
  }

  get address(): BrokerAddress {
    return this.#address;
  }

  /** We are up. */
  reached(): void {
    this.#redirects = 0;
    this.#wasUp = true;
  }

  /** A connection has ended; `reference` is where the broker sends us. */
  left(reference: string | undefined): void {
    const wasUp = this.#wasUp;
    this.#wasUp = false;
    const other = reference === undefined ? undefined : referredAddress(reference);
    if (other !== undefined && this.#follows && this.#redirects < MOST_REDIRECTS) {
      this.#redirects += 1;
      this.#address = brokerAddress(this.#url, other);
    } else if (!wasUp) {
      // Where we were sent nobody takes us: the broker we know may by now send us elsewhere.
      this.#redirects = 0;
      this.#address = brokerAddress(this.#url);
    }
  }
}
