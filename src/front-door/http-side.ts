import { createServer as createHttp1, type IncomingMessage, type Server } from 'node:http';
import { createSecureServer as createHttp2, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { Fault } from '../fault.ts';
import { answerBroken, answerFault, refuseUpgrade } from './answer.ts';
import type { FilledDoorLimits } from './door-limits.ts';
import type { DoorRequest, DoorResponse, HttpHandler, UpgradeHandler } from './door.ts';
import { Routes, pathOf } from './routes.ts';
import { guardSession } from './session-guard.ts';
import type { Traffic } from './traffic.ts';

/** The HTTP behind the door: two servers that never listen and are given their connections, and the paths they share. */
export class HttpSide {
  readonly routes = new Routes<HttpHandler>();
  readonly upgrades = new Routes<UpgradeHandler>();
  readonly #limits: FilledDoorLimits;
  readonly #traffic: Traffic;
  readonly #run: (act: () => void, onThrown: () => void) => void;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #http1: Server;
  readonly #http2: Http2SecureServer;

  /** `run` calls a handler and, should it throw, `onThrown`. */
  constructor(limits: FilledDoorLimits, traffic: Traffic, run: (act: () => void, onThrown: () => void) => void) {
    this.#limits = limits;
    this.#traffic = traffic;
    this.#run = run;
    this.#http1 = this.#newHttp1();
    this.#http2 = this.#newHttp2();
  }

  /** A WebSocket begins as HTTP/1.1: when that is shut, its requests are refused, not its connections. */
  takeHttp1(socket: TLSSocket): void {
    this.#traffic.enter('http1', socket);
    this.#http1.emit('connection', socket);
  }

  takeHttp2(socket: TLSSocket): void {
    if (this.#traffic.shut.has('http2')) socket.destroy();
    else this.#http2.emit('secureConnection', socket);
  }

  /** Takes no more; what is under way may end. Idle connections end at once. */
  close(): void {
    this.#http1.close();
    this.#http1.closeIdleConnections();
    for (const session of this.#sessions) session.close();
  }

  #newHttp1(): Server {
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

  #newHttp2(): Http2SecureServer {
    const { maxConcurrentStreams, maxSessionMemory, maxHeaderBytes, maxHeaders } = this.#limits;
    const server = createHttp2({
      settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderBytes, enablePush: false },
      maxSessionMemory,
      maxHeaderListPairs: maxHeaders,
      maxSessionInvalidFrames: 100,
    });
    server.on('session', (session) => {
      this.#sessions.add(session);
      this.#traffic.enter('http2', session);
      session.once('close', () => this.#sessions.delete(session));
      guardSession(session, this.#limits);
    });
    // A session that breaks closes itself; there is nothing more to do about it.
    server.on('sessionError', () => undefined);
    server.on('request', (request, response) => this.#serve(request, response));
    return server;
  }

  #serve(request: DoorRequest, response: DoorResponse): void {
    const path = pathOf(request.url);
    const handler = this.routes.findLongest(path);
    if (request.httpVersionMajor === 1 && this.#traffic.shut.has('http1')) {
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
    const path = pathOf(request.url);
    const handler = this.upgrades.findExact(path);
    if (this.#traffic.shut.has('websocket')) {
      refuseUpgrade(socket, 503, new Fault('PROTOCOL_SHUT', { protocol: 'websocket' }));
      return;
    }
    if (handler === undefined) {
      refuseUpgrade(socket, 404, new Fault('PATH_UNKNOWN', { path }));
      return;
    }
    this.#traffic.upgrade(socket);
    this.#run(
      () => handler(request, socket, head),
      () => socket.destroy(),
    );
  }
}
