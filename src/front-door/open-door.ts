import { once } from 'node:events';
import { createServer as createPlain, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TLSSocket } from 'node:tls';
import { errorLine, Fault } from '../fault.ts';
import { LISTEN_BACKLOG } from '../listen-backlog.ts';
import { AddressBook } from './address-book.ts';
import { defaultDoorLimits, type DoorLimits, type FilledDoorLimits } from './door-limits.ts';
import type { Door, ExchangeHandler, HttpHandler, SocketHandler, UpgradeHandler } from './door.ts';
import { firstBytes } from './first-bytes.ts';
import { HttpSide } from './http-side.ts';
import { Refusals } from '../http/refusals.ts';
import { Routes } from './routes.ts';
import { Traffic } from './traffic.ts';

interface AnyDoorSettings {
  /** Address to listen on: `127.0.0.1`. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly limits?: DoorLimits;
  /** Told what a handler threw. Default: a process warning. */
  readonly onFault?: (error: unknown) => void;
}

/** PEM texts. `ca` signs the client certificates whose names become identities. */
interface DoorTls {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** A plain door has no TLS, and with it no MQTT: HTTP/1.1 and HTTP/2 by prior knowledge (RFC 9113, 3.3) are told apart by the first bytes. */
export type DoorSettings = AnyDoorSettings & (DoorTls | { readonly plain: true });

/** RFC 9113, 3.4: how a client of HTTP/2 begins, and nothing else. */
const HTTP2_PREFACE = 'PRI';
/** MQTT 5, 2.1.2: packet type 1 (CONNECT), flags 0. */
const MQTT_CONNECT = 0x10;
const TOO_MANY = 'connections above the limit';
const MQTT_PATH = 'mqtt';
/** What may still end by itself when the door closes. */
const CLOSE_GRACE_MS = 300;

/** Opens the door. Throws PORT_TAKEN. */
export async function openDoor(settings: DoorSettings): Promise<Door> {
  const door = new OpenDoor(settings);
  await door.listen();
  return door;
}

class OpenDoor implements Door {
  readonly host: string;
  readonly #settings: DoorSettings;
  readonly #ca: string | undefined;
  readonly #limits: FilledDoorLimits;
  readonly #mqtt = new Routes<SocketHandler>();
  readonly #sockets = new Set<Socket>();
  readonly #traffic = new Traffic();
  readonly #plain: Server;
  readonly #tls;
  readonly #http: HttpSide;
  readonly refusals: Refusals;
  #port: number;

  constructor(settings: DoorSettings) {
    this.#settings = settings;
    this.#limits = { ...defaultDoorLimits, ...settings.limits };
    this.host = settings.host;
    this.#port = settings.port;
    this.#ca = 'plain' in settings ? undefined : settings.ca;
    this.#tls = 'plain' in settings ? undefined : this.#newTls(settings);
    this.refusals = new Refusals((source, reason) => warn(`${source} was refused: ${reason}`));
    this.#http = new HttpSide(this.#limits, this.#traffic, this.refusals, (act, onThrown) => this.#run(act, onThrown));
    this.#plain = this.#newPlain();
  }

  get port(): number {
    return this.#port;
  }

  get counts(): Door['counts'] {
    return this.#traffic.counts;
  }

  get shut(): Door['shut'] {
    return this.#traffic.shut;
  }

  async listen(): Promise<void> {
    const { host, port } = this.#settings;
    try {
      this.#plain.listen({ port, host, backlog: LISTEN_BACKLOG });
      await once(this.#plain, 'listening');
    } catch (error) {
      await this.close();
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      throw taken ? new Fault('PORT_TAKEN', { port, setting: '--tls-port' }, { cause: error }) : error;
    }
    this.#port = (this.#plain.address() as AddressInfo).port;
  }

  http(prefix: string, handler: HttpHandler): () => void {
    return this.#http.routes.mount(prefix, { handler });
  }

  exchange(prefix: string, handler: ExchangeHandler): () => void {
    return this.#http.routes.mount(prefix, { exchange: handler });
  }

  upgrade(path: string, handler: UpgradeHandler): () => void {
    return this.#http.upgrades.mount(path, handler);
  }

  mqtt(handler: SocketHandler): () => void {
    return this.#mqtt.mount(MQTT_PATH, handler);
  }

  setOpen(protocol: keyof Door['counts'], open: boolean): void {
    this.#traffic.setOpen(protocol, open);
  }

  renew({ cert, key }: { cert: string; key: string }): void {
    this.#tls?.setSecureContext({ cert, key, ca: this.#ca, minVersion: 'TLSv1.2' });
  }

  /** Says goodbye to HTTP sessions, gives them {@link CLOSE_GRACE_MS} and ends what is left. */
  async close(): Promise<void> {
    if (this.#plain.listening) this.#plain.close();
    this.#http.close();
    const cut = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSE_GRACE_MS);
    await Promise.all([...this.#sockets].map(whenClosed));
    clearTimeout(cut);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A plain server in front, so that a connection too many costs no handshake. */
  #newPlain(): Server {
    const addresses = new AddressBook(this.#limits.maxConnectionsPerAddress);
    const server = createPlain({ noDelay: true }, (socket) => {
      socket.on('error', ignore);
      if (!addresses.enter(socket)) return this.refusals.note(socket.remoteAddress ?? '', TOO_MANY);
      this.#track(socket);
      if (this.#tls === undefined) this.#sortPlain(socket);
      else this.#tls.emit('connection', socket);
    });
    server.maxConnections = this.#limits.maxConnections;
    server.on('drop', (dropped) => this.refusals.note(dropped?.remoteAddress ?? '', TOO_MANY));
    return server;
  }

  #newTls({ cert, key, ca }: DoorTls): ReturnType<typeof createTls> {
    const tls = createTls({
      cert,
      key,
      ca,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['h2', 'http/1.1', 'mqtt'],
      handshakeTimeout: this.#limits.handshakeMs,
    });
    tls.on('tlsClientError', (_error, socket) => socket.destroy());
    tls.on('secureConnection', (socket) => {
      socket.on('error', ignore);
      this.#track(socket);
      this.#sort(socket);
    });
    return tls;
  }

  #sort(socket: TLSSocket): void {
    if (socket.alpnProtocol === 'h2') this.#http.takeHttp2(socket);
    else if (socket.alpnProtocol === 'http/1.1') this.#http.takeHttp1(socket);
    else {
      firstBytes(socket, 1, this.#limits.firstRequestMs, ([byte]) => {
        if (socket.alpnProtocol === 'mqtt' || byte === MQTT_CONNECT) this.#serveMqtt(socket);
        else this.#http.takeHttp1(socket);
      });
    }
  }

  #sortPlain(socket: Socket): void {
    firstBytes(socket, HTTP2_PREFACE.length, this.#limits.firstRequestMs, (bytes) => {
      if (bytes.toString('latin1', 0, HTTP2_PREFACE.length) === HTTP2_PREFACE) this.#http.takeHttp2(socket);
      else this.#http.takeHttp1(socket);
    });
  }

  #serveMqtt(socket: TLSSocket): void {
    const handler = this.#mqtt.findExact(MQTT_PATH);
    if (handler === undefined || this.shut.has('mqtt')) {
      socket.destroy();
      return;
    }
    this.#traffic.enter('mqtt', socket);
    this.#run(
      () => handler(socket),
      () => socket.destroy(),
    );
  }

  #run(act: () => void, onThrown: () => void): void {
    try {
      act();
    } catch (error) {
      (this.#settings.onFault ?? warn)(error);
      onThrown();
    }
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

/** Also for one that breaks: its close comes all the same. */
function whenClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())));
}

function warn(error: unknown): void {
  process.emitWarning(errorLine(error));
}

/** A connection that breaks is closed by its own socket; there is nothing more to do about it. */
function ignore(): void {}
