import type { Aedes, Client } from 'aedes';
import type { Duplex } from 'node:stream';
import type { Admission } from './admission.ts';
import type { Broker, BrokerClient } from './broker.ts';

type Listener = Parameters<Broker['onClient']>[0];

/** Who is connected, under which identity, and who wants to know. */
export class ClientBook {
  readonly clients = new Map<string, BrokerClient>();
  readonly sockets = new Set<Duplex>();
  readonly #identities = new WeakMap<Client, string | undefined>();
  readonly #troubles = new WeakMap<Client, string>();
  readonly #entries = new WeakMap<Client, BrokerClient>();
  readonly #admitted = new WeakSet<Client>();
  readonly #listeners = new Set<Listener>();
  readonly #admission: Admission;

  constructor(admission: Admission) {
    this.#admission = admission;
  }

  open(client: Client, socket: Duplex, identity: string | undefined): void {
    this.#identities.set(client, identity);
    this.sockets.add(socket);
    socket.once('close', () => {
      this.sockets.delete(socket);
      this.#leave(client);
    });
  }

  /** The client was let in. Its place is given back when its socket closes, which may have happened already. */
  admitted(client: Client): void {
    this.#admitted.add(client);
    if (!this.sockets.has(client.conn)) this.#leave(client);
  }

  identityOf(client: Client): string | undefined {
    return this.#identities.get(client);
  }

  entryOf(client: Client): BrokerClient {
    const known = this.#entries.get(client);
    if (known !== undefined) return known;
    const entry = { clientId: client.id ?? '', identity: this.identityOf(client), connectedAt: Date.now() };
    if (client.id) this.#entries.set(client, entry);
    return entry;
  }

  /** The sender of a message, for people and for dedupe. A client id is a claim, so it never looks like an identity. */
  senderOf(packet: object): string {
    if (!('clientId' in packet) || typeof packet.clientId !== 'string') return 'broker';
    return this.clients.get(packet.clientId)?.identity ?? `client:${packet.clientId}`;
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(...news: Parameters<Listener>): void {
    for (const listener of this.#listeners) listener(...news);
  }

  follow(aedes: Aedes): void {
    aedes.on('clientReady', (client) => {
      const entry = this.entryOf(client);
      this.clients.set(client.id, entry);
      this.tell('connected', entry);
    });
    aedes.on('clientDisconnect', (client) => {
      const entry = this.entryOf(client);
      // after a take-over the new connection has the entry already
      if (this.clients.get(client.id) === entry) this.clients.delete(client.id);
      this.tell('gone', entry, this.#troubles.get(client));
    });
    aedes.on('sessionExpired', (client) => this.#admission.expire(client.id));
    aedes.on('clientError', (client, error) => this.#troubles.set(client, error.message));
    aedes.on('connectionError', (client, error) => this.tell('refused', this.entryOf(client), error.message));
  }

  #leave(client: Client): void {
    if (this.#admitted.delete(client)) this.#admission.leave(client.id, !client.clean);
  }
}
