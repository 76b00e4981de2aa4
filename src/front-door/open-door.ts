import { once } from 'node:events';
import { createServer as createHttp1, type IncomingMessage } from 'node:http';
import { createSecureServer as createHttp2, type ServerHttp2Session } from 'node:http2';
import { createServer as createPlain, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTls, type TLSSocket } from 'node:tls';
import { errorLine, Fault } from '../fault.ts';
import { AddressBook } from './address-book.ts';
import { answerBroken, answerFault } from './answer.ts';
import { defaultDoorLimits, type DoorLimits, type FilledDoorLimits } from './door-limits.ts';
import type { Door, DoorRequest, DoorResponse, HttpHandler, SocketHandler, UpgradeHandler } from './door.ts';
import { firstByte } from './first-byte.ts';
import { Routes, pathOf } from './routes.ts';
import { guardSession } from './session-guard.ts';

export interface DoorSettings {
  /** Address to listen on: `127.0.0.1`. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** PEM texts. `ca` signs the client certificates whose names become identities. */
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly limits?: DoorLimits;
  /** Told what a handler threw. Default: a process warning. */
  readonly onFault?: (error: unknown) => void;
}

type Protocol = keyof Door['counts'];

/** MQTT 5, 2.1.2: packet type 1 (CONNECT), flags 0. */
const MQTT_CONNECT = 0x10;
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
  readonly counts = { mqtt: counter(), http1: counter(), http2: counter(), websocket: counter() };
  readonly #settings: DoorSettings;
  readonly #limits: FilledDoorLimits;
  readonly #http = new Routes<HttpHandler>();
  readonly #upgrades = new Routes<UpgradeHandler>();
  readonly #mqtt = new Routes<SocketHandler>();
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #lives = new Map<Protocol, Set<Duplex | ServerHttp2Session>>();
  readonly #shut = new Set<Protocol>();
  readonly #plain: Server;
  readonly #tls;
  readonly #http1;
  readonly #http2;
  #port: number;

  constructor(settings: DoorSettings) {
    this.#settings = settings;
    this.#limits = { ...defaultDoorLimits, ...settings.limits };
    this.host = settings.host;
    this.#port = settings.port;
    this.#tls = this.#newTls();
    this.#http1 = this.#newHttp1();
    this.#http2 = this.#newHttp2();
    this.#plain = this.#newPlain();
  }

  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    const { host, port } = this.#settings;
    try {
      this.#plain.listen(port, host);
      await once(this.#plain, 'listening');
    } catch (error) {
      await this.close();
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      throw taken ? new Fault('PORT_TAKEN', { port, setting: '--tls-port' }, { cause: error }) : error;
    }
    this.#port = (this.#plain.address() as AddressInfo).port;
  }

  http(prefix: string, handler: HttpHandler): () => void {
    return this.#http.mount(prefix, handler);
  }

  upgrade(path: string, handler: UpgradeHandler): () => void {
    return this.#upgrades.mount(path, handler);
  }

  mqtt(handler: SocketHandler): () => void {
    return this.#mqtt.mount(MQTT_PATH, handler);
  }

  get shut(): ReadonlySet<Protocol> {
    return this.#shut;
  }

  setOpen(protocol: Protocol, open: boolean): void {
    if (open) {
      this.#shut.delete(protocol);
      return;
    }
    this.#shut.add(protocol);
    for (const life of this.#lives.get(protocol) ?? []) life.destroy();
  }

  renew({ cert, key }: { cert: string; key: string }): void {
    this.#tls.setSecureContext({ cert, key, ca: this.#settings.ca, minVersion: 'TLSv1.2' });
  }

  /** Says goodbye to HTTP sessions, gives them {@link CLOSE_GRACE_MS} and ends what is left. */
  async close(): Promise<void> {
    if (this.#plain.listening) this.#plain.close();
    this.#http1.close();
    this.#http1.closeIdleConnections();
    for (const session of this.#sessions) session.close();
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
      if (!addresses.enter(socket)) return;
      this.#track(socket);
      this.#tls.emit('connection', socket);
    });
    server.maxConnections = this.#limits.maxConnections;
    return server;
  }

  #newTls(): ReturnType<typeof createTls> {
    const { cert, key, ca } = this.#settings;
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
    if (socket.alpnProtocol === 'h2') this.#serveHttp2(socket);
    else if (socket.alpnProtocol === 'http/1.1') this.#serveHttp1(socket);
    else {
      firstByte(socket, this.#limits.firstRequestMs, (byte) => {
        if (socket.alpnProtocol === 'mqtt' || byte === MQTT_CONNECT) this.#serveMqtt(socket);
        else this.#serveHttp1(socket);
      });
    }
  }

  #serveMqtt(socket: TLSSocket): void {
    const handler = this.#mqtt.findExact(MQTT_PATH);
    if (handler === undefined || this.#shut.has('mqtt')) {
      socket.destroy();
      return;
    }
    this.#count('mqtt', socket);
    this.#run(
      () => handler(socket),
      () => socket.destroy(),
    );
  }

  #serveHttp2(socket: TLSSocket): void {
    if (this.#shut.has('http2')) socket.destroy();
    else this.#http2.emit('secureConnection', socket);
  }

  #serveHttp1(socket: TLSSocket): void {
    // A WebSocket begins as HTTP/1.1, so only its requests can be refused.
    this.#count('http1', socket);
    this.#http1.emit('connection', socket);
  }

  #newHttp1(): ReturnType<typeof createHttp1> {
    const { maxHeaderBytes, maxHeaders, firstRequestMs, requestMs } = this.#limits;
    const server = createHttp1({
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: firstRequestMs,
      requestTimeout: Math.max(requestMs, firstRequestMs),
      connectionsCheckingInterval: 1_000,
    });
    server.maxHeadersCount = maxHeaders;
    server.on('request', (request, response) => this.#serve(request, response));
    server.on('upgrade', (request, socket, head) => this.#serveUpgrade(request, socket, head));
    // A server that is given its connections never listens; its header and request timers start with this event.
    server.emit('listening');
    return server;
  }

  #newHttp2(): ReturnType<typeof createHttp2> {
    const { maxConcurrentStreams, maxSessionMemory, maxHeaderBytes, maxHeaders } = this.#limits;
    const server = createHttp2({
      settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderBytes, enablePush: false },
      maxSessionMemory,
      maxHeaderListPairs: maxHeaders,
      maxSessionInvalidFrames: 100,
    });
    server.on('session', (session) => {
      this.#sessions.add(session);
      this.#count('http2', session);
      session.once('close', () => this.#sessions.delete(session));
      guardSession(session, this.#limits);
    });
    server.on('sessionError', ignore);
    server.on('request', (request, response) => this.#serve(request, response));
    return server;
  }

  #serve(request: DoorRequest, response: DoorResponse): void {
    const path = pathOf(request.url);
    const handler = this.#http.findLongest(path);
    if (request.httpVersionMajor === 1 && this.#shut.has('http1')) {
      answerFault(response, 503, new Fault('PROTOCOL_SHUT', { protocol: 'http1' }));
    } else if (handler === undefined) answerFault(response, 404, new Fault('PATH_UNKNOWN', { path }));
    else {
      this.#run(
        () => handler(request, response),
        () => answerBroken(response),
      );
    }
  }

  #serveUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const handler = this.#upgrades.findExact(pathOf(request.url));
    if (this.#shut.has('websocket')) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    if (handler === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.counts.http1.open -= 1;
    socket.once('close', () => (this.counts.http1.open += 1));
    this.#count('websocket', socket);
    this.#run(
      () => handler(request, socket, head),
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

  #count(protocol: Protocol, life: Duplex | ServerHttp2Session): void {
    const count = this.counts[protocol];
    count.open += 1;
    count.taken += 1;
    const lives = this.#lives.get(protocol) ?? new Set();
    this.#lives.set(protocol, lives.add(life));
    life.once('close', () => {
      count.open -= 1;
      lives.delete(life);
    });
  }
}

async function whenClosed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close');
}

function counter(): { open: number; taken: number } {
  return { open: 0, taken: 0 };
}

function warn(error: unknown): void {
  process.emitWarning(errorLine(error));
}

/** A connection that breaks is closed by its own socket; there is nothing more to do about it. */
function ignore(): void {}
