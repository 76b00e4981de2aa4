import { isLoopback } from '../address.ts';

/** Longest client identifier taken, in characters. */
const MAX_CLIENT_ID_LENGTH = 256;

/** CONNACK codes of MQTT 3.1.1; aedes turns them into 0x85, 0x88, 0x86 and 0x87 for MQTT 5. */
const IDENTIFIER_REJECTED = 2;
const SERVER_UNAVAILABLE = 3;
const BAD_CREDENTIALS = 4;
const NOT_AUTHORIZED = 5;

/** Checks a user name and password; `identity` is the verified certificate subject. */
export type Authenticate = (
  identity: string | undefined,
  username: string | undefined,
  password: string | undefined,
) => boolean | Promise<boolean>;

/** Who asks to be let in. `address` is where from; undefined for a connection that came over no network. */
export interface Applicant {
  readonly id: string;
  readonly identity: string | undefined;
  readonly address: string | undefined;
}

export interface Refusal {
  readonly code: number;
  readonly reason: string;
}

interface Owner {
  readonly identity: string | undefined;
  connections: number;
}

/** Who may connect. A session belongs to the identity that opened it: nobody else can take it over by its client id. */
export class Admission {
  readonly #owners = new Map<string, Owner>();
  readonly #maxClients: number;
  readonly #authenticate: Authenticate | undefined;

  constructor(maxClients: number, authenticate: Authenticate | undefined) {
    this.#maxClients = maxClients;
    this.#authenticate = authenticate;
  }

  /** Resolves with why this client is refused, or with undefined when it is let in; then {@link leave} must follow. */
  async enter(
    { id, identity, address }: Applicant,
    username: string | undefined,
    password: string | undefined,
  ): Promise<Refusal | undefined> {
    if (id.length > MAX_CLIENT_ID_LENGTH || /\p{Cc}/u.test(id)) {
      return { code: IDENTIFIER_REJECTED, reason: 'the client id is too long or holds control characters' };
    }
    if (this.#authenticate === undefined && identity === undefined && !isLoopback(address ?? 'localhost')) {
      return { code: NOT_AUTHORIZED, reason: 'a client of another machine needs a certificate' };
    }
    if (this.#authenticate !== undefined && !(await this.#authenticate(identity, username, password))) {
      return { code: BAD_CREDENTIALS, reason: 'wrong user name or password' };
    }
    const owner = this.#owners.get(id);
    if (owner === undefined && this.#owners.size >= this.#maxClients) {
      return { code: SERVER_UNAVAILABLE, reason: `the limit of ${this.#maxClients} clients is reached` };
    }
    if (owner !== undefined && owner.identity !== identity) {
      return { code: IDENTIFIER_REJECTED, reason: `the client id ${id} belongs to another identity` };
    }
    this.#owners.set(id, { identity, connections: (owner?.connections ?? 0) + 1 });
    return undefined;
  }

  /** One connection of this client id is over; `keeps` says whether its session outlives it. */
  leave(clientId: string, keeps: boolean): void {
    const owner = this.#owners.get(clientId);
    if (owner === undefined) return;
    owner.connections -= 1;
    if (owner.connections <= 0 && !keeps) this.#owners.delete(clientId);
  }

  /** The session kept for this client id is over. */
  expire(clientId: string): void {
    if ((this.#owners.get(clientId)?.connections ?? 0) <= 0) this.#owners.delete(clientId);
  }
}
