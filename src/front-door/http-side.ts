import { createServer as createHttp1, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  createServer as createHttp2,
  Http2ServerRequest,
  Http2ServerResponse,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Fault } from '../fault.ts';
import { Http1Exchange } from '../http/http1-exchange.ts';
import { Http2Exchange } from '../http/http2-exchange.ts';
import { answerBroken, answerFault } from './answer.ts';
import type { FilledDoorLimits } from './door-limits.ts';
import type { DoorRequest, DoorResponse, ExchangeHandler, HttpHandler } from './door.ts';
import { Routes, pathOf } from './routes.ts';
import { guardSession } from './session-guard.ts';
import type { Traffic } from './traffic.ts';
import { UpgradeRoutes } from './upgrade-routes.ts';
import { http1Upgrade, http2Upgrade, type Upgrade } from './upgrade.ts';

/** Who serves a path: with the request and response of node:http, or with an exchange. */
type Mounted = { readonly handler: HttpHandler } | { readonly exchange: ExchangeHandler };

/** The HTTP behind the door: two servers that never listen and are given their connections, and the paths they share. */
export class HttpSide {
  readonly routes = new Routes<Mounted>();
  readonly upgrades = new UpgradeRoutes();
  readonly #limits: FilledDoorLimits;
  readonly #traffic: Traffic;
  readonly #run: (act: () => void, onThrown: () => void) => void;
  /** Each with the socket it runs on. */
  readonly #sessions = new Map<ServerHttp2Session, Socket>();
  #arriving: Socket | undefined;
  readonly #http1: Server;
  readonly #http2: Http2Server;

  /** `run` calls a handler and, should it throw, `onThrown`. */
  constructor(limits: FilledDoorLimits, traffic: Traffic, run: (act: () => void, onThrown: () => void) => void) {
    this.#limits = limits;
    this.#traffic = traffic;
    this.#run = run;
    this.#http1 = this.#newHttp1();
    this.#http2 = this.#newHttp2();
  }

  /** A WebSocket begins as HTTP/1.1: when that is shut, its requests are refused, not its connections. */
  takeHttp1(socket: Socket): void {
    this.#traffic.enter('http1', socket);
    this.#http1.emit('connection', socket);
  }

  takeHttp2(socket: Socket): void {
    if (this.#traffic.shut.has('http2')) socket.destroy();
    else {
      // The session is made, and its event comes, before this returns.
      this.#arriving = socket;
      this.#http2.emit('connection', socket);
    }
  }

  /** Takes no more; what is under way may end. Idle connections end at once. */
  close(): void {
    this.#http1.close();
    this.#http1.closeIdleConnections();
    for (const session of this.#sessions.keys()) session.close();
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
    server.on('upgrade', (request, socket, head) =>
      this.#serveUpgrade(request.url, socket, (parameters) => http1Upgrade(request, socket, head, parameters)),
    );
    // A server that is given its connections never listens; its header and request timers start with this event.
    server.emit('listening');
    return server;
  }

  #newHttp2(): Http2Server {
    const { maxConcurrentStreams, maxSessionMemory, maxHeaderBytes, maxHeaders } = this.#limits;
    const server = createHttp2({
      settings: {
        maxConcurrentStreams,
        maxHeaderListSize: maxHeaderBytes,
        enablePush: false,
        enableConnectProtocol: true,
      },
      maxSessionMemory,
      maxHeaderListPairs: maxHeaders,
      maxSessionInvalidFrames: 100,
    });
    server.on('session', (session) => {
      if (this.#arriving !== undefined) this.#sessions.set(session, this.#arriving);
      this.#traffic.enter('http2', session);
      session.once('close', () => this.#sessions.delete(session));
      guardSession(session, this.#limits);
    });
    // A session that breaks closes itself; there is nothing more to do about it.
    server.on('sessionError', () => undefined);
    server.on('stream', (stream, headers, _flags, rawHeaders) => this.#serveStream(stream, headers, rawHeaders));
    return server;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    if (this.#traffic.shut.has('http1')) {
      answerFault(response, 503, new Fault('PROTOCOL_SHUT', { protocol: 'http1' }));
      return;
    }
    const mounted = this.routes.findLongest(pathOf(request.url));
    if (mounted === undefined || 'handler' in mounted) this.#hand(mounted?.handler, request, response);
    else {
      this.#run(
        () => mounted.exchange(new Http1Exchange(request, response)),
        () => answerBroken(response),
      );
    }
  }

  #serveStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: string[]): void {
    if (headers[':protocol'] === 'websocket') {
      this.#serveUpgrade(headers[':path'], stream, (parameters) => http2Upgrade(stream, headers, parameters));
      return;
    }
    const mounted = this.routes.findLongest(pathOf(headers[':path']));
    const socket = stream.session && this.#sessions.get(stream.session as ServerHttp2Session);
    if (socket === undefined) {
      stream.destroy();
      return;
    }
    if (mounted !== undefined && 'exchange' in mounted) {
      const exchange = new Http2Exchange(stream, headers, socket);
      if (headers.expect !== undefined) stream.additionalHeaders({ ':status': 100 });
      this.#run(
        () => mounted.exchange(exchange),
        () => exchange.abort(),
      );
      return;
    }
    const request = new Http2ServerRequest(stream, headers, {}, rawHeaders);
    const response = new Http2ServerResponse(stream);
    if (headers.expect !== undefined) response.writeContinue();
    this.#hand(mounted?.handler, request, response);
  }

  #hand(handler: HttpHandler | undefined, request: DoorRequest, response: DoorResponse): void {
    if (handler === undefined) answerFault(response, 404, new Fault('PATH_UNKNOWN', { path: pathOf(request.url) }));
    else {
      this.#run(
        () => handler(request, response),
        () => answerBroken(response),
      );
    }
  }

  #serveUpgrade(
    target: string | undefined,
    stream: Duplex,
    upgradeWith: (parameters: Upgrade['parameters']) => Upgrade,
  ): void {
    const path = pathOf(target);
    const found = this.upgrades.find(path);
    const upgrade = upgradeWith(found?.parameters ?? {});
    if (this.#traffic.shut.has('websocket')) {
      upgrade.refuse(503, new Fault('PROTOCOL_SHUT', { protocol: 'websocket' }));
      return;
    }
    if (found === undefined) {
      upgrade.refuse(404, new Fault('PATH_UNKNOWN', { path }));
      return;
    }
    if (upgrade.httpVersion === '1.1') this.#traffic.upgrade(stream);
    else this.#traffic.enter('websocket', stream);
    this.#run(
      () => found.handler(upgrade),
      () => stream.destroy(),
    );
  }
}
