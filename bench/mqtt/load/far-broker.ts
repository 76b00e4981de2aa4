import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connackBytes, FIRST, grantBytes, readConnect, readFilters } from './bytes.ts';
import { Connection } from './connection.ts';
import { Traffic, type TrafficForm } from './traffic.ts';

export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

const SUBSCRIBE_MS = 5000;

/**
 * Plays the broker on both ends of a bridge: what it publishes to the one that subscribed must come back, on whichever
 * connection. So nothing of a real broker is in the figure.
 */
export class FarBroker {
  readonly #server;
  #traffic: Traffic | undefined;
  #subscribed = Promise.withResolvers<void>();

  constructor(identity: ServerIdentity | undefined) {
    const accept = (socket: Socket): void => this.#accept(socket);
    this.#server = identity === undefined ? createServer(accept) : createTlsServer(identity, accept);
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Who connects from now on and subscribes is measured. Who is here stays, and may take leave as a broker lets him. */
  expect(form: TrafficForm): void {
    this.#subscribed = Promise.withResolvers();
    this.#traffic = new Traffic(form);
  }

  /** Resolves when somebody has subscribed. Rejects when nobody does for 5 s. */
  async traffic(): Promise<Traffic> {
    const waiting = setTimeout(() => this.#subscribed.reject(new Error('it did not subscribe')), SUBSCRIBE_MS);
    await this.#subscribed.promise;
    clearTimeout(waiting);
    if (this.#traffic === undefined) throw new Error('nothing is expected');
    return this.#traffic;
  }

  #accept(socket: Socket): void {
    const traffic = this.#traffic;
    if (traffic === undefined) return void socket.destroy();
    socket.on('error', () => socket.destroy());
    const connection = new Connection(socket, 4, {
      message: () => {},
      acknowledged: () => {},
      turn: () => {},
      other: (first, body) => this.#answer(connection, traffic, first, body),
    });
  }

  #answer(connection: Connection, traffic: Traffic, first: number, body: Buffer): void {
    const { socket } = connection;
    switch (first) {
      case FIRST.connect:
        Object.assign(connection, readConnect(body));
        socket.write(connackBytes(connection.level));
        return traffic.join(connection, { publishes: false });
      case FIRST.subscribe:
      case FIRST.unsubscribe: {
        const { id, filters } = readFilters(body, connection.level, first);
        const granted = first === FIRST.subscribe ? 2 : 0;
        const answer = first === FIRST.subscribe ? FIRST.suback : FIRST.unsuback;
        socket.write(grantBytes(connection.level, answer, id, Array<number>(filters.length).fill(granted)));
        if (first === FIRST.subscribe && traffic === this.#traffic && filters.includes('bench/in')) {
          traffic.join(connection, { publishes: true });
          this.#subscribed.resolve();
        }
        return;
      }
      case FIRST.pingreq:
        return void socket.write(Buffer.of(FIRST.pingresp, 0));
      default:
    }
  }
}
