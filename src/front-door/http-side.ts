import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Http2ServerRequest, Http2ServerResponse, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Fault } from '../fault.ts';
import type { Refusals } from '../http/refusals.ts';
import { Http1Connection } from '../http/h1/connection.ts';
import type { Http1Host } from '../http/h1/host.ts';
import { Http1Exchange } from '../http/http1-exchange.ts';
import { Http2Connection } from '../http/h2/connection.ts';
import { Http2Duplex } from '../http/h2/duplex.ts';
import type { Http2Stream } from '../http/h2/stream.ts';
import { answerBroken, answerFault } from './answer.ts';
import type { FilledDoorLimits } from './door-limits.ts';
import type { DoorRequest, DoorResponse, ExchangeHandler, HttpHandler } from './door.ts';
import { newHttp1Server, refuseHttp1 } from './http1-server.ts';
import { Routes, pathOf } from './routes.ts';
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
  readonly #refusals: Refusals;
  readonly #run: (act: () => void, onThrown: () => void) => void;
  readonly #connections = new Set<Http2Connection>();
  /** What speaks HTTP/1.1 in simple requests; the rest is with node:http. */
  readonly #simple = new Set<Http1Connection>();
  readonly #simpleHost: Http1Host;
  readonly #http1: Server;
  readonly #sweeper: NodeJS.Timeout;
  #now = performance.now();

  /** `run` calls a handler and, should it throw, `onThrown`. */
  constructor(
    limits: FilledDoorLimits,
    traffic: Traffic,
    refusals: Refusals,
    run: (act: () => void, onThrown: () => void) => void,
  ) {
    this.#limits = limits;
    this.#traffic = traffic;
    this.#refusals = refusals;
    this.#run = run;
    this.#http1 = newHttp1Server({
      limits,
      onRequest: (request, response) => this.#serve(request, response),
      onUpgrade: (request, socket, head) =>
        this.#serveUpgrade(request.url, socket, (parameters) => http1Upgrade(request, socket, head, parameters)),
      onRefused: (source, reason) => refusals.note(source, reason),
    });
    this.#simpleHost = this.#newSimpleHost();
    this.#sweeper = setInterval(() => {
      this.#now = performance.now();
      for (const connection of this.#simple) connection.check();
    }, SWEEP_MS).unref();
  }

  /** A WebSocket begins as HTTP/1.1: when that is shut, its requests are refused, not its connections. */
  takeHttp1(socket: Socket): void {
    this.#traffic.enter('http1', socket);
    const connection = new Http1Connection(socket, this.#simpleHost);
    this.#simple.add(connection);
    connection.onLeft = () => this.#simple.delete(connection);
  }

  takeHttp2(socket: Socket): void {
    if (this.#traffic.shut.has('http2')) socket.destroy();
    else {
      const address = socket.remoteAddress ?? '';
      const connection = new Http2Connection(
        socket,
        this.#limits,
        (stream) =>
          this.#run(
            () => this.#serveStream(stream),
            () => stream.abort(),
          ),
        (reason) => this.#refusals.note(address, reason),
      );
      this.#connections.add(connection);
      this.#traffic.enter('http2', connection);
      connection.once('close', () => this.#connections.delete(connection));
    }
  }

  /** Takes no more; what is under way may end. Idle connections end at once. */
  close(): void {
    clearInterval(this.#sweeper);
    for (const connection of this.#simple) connection.close();
    this.#http1.close();
    this.#http1.closeIdleConnections();
    for (const connection of this.#connections) connection.close();
  }

  #newSimpleHost(): Http1Host {
    const seconds = Math.floor(this.#limits.idleMs / 1_000);
    const note = (socket: Socket, reason: string): void => this.#refusals.note(socket.remoteAddress ?? '', reason);
    return {
      limits: this.#limits,
      keepAlive: seconds === 0 ? '' : `connection: keep-alive\r\nkeep-alive: timeout=${seconds}\r\n`,
      now: () => this.#now,
      find: (target) => {
        const mounted = this.#traffic.shut.has('http1') ? undefined : this.routes.findLongest(pathOf(target));
        return mounted !== undefined && 'exchange' in mounted ? mounted.exchange : undefined;
      },
      run: this.#run,
      handOver: (socket, bytes) => {
        socket.unshift(bytes);
        this.#http1.emit('connection', socket);
        socket.resume();
      },
      note,
      tooSlow: (socket) => {
        const code = 'ERR_HTTP_REQUEST_TIMEOUT';
        note(socket, code);
        refuseHttp1({ code }, socket);
      },
    };
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

  #serveStream(stream: Http2Stream): void {
    const { headers } = stream;
    if (headers[':protocol'] === 'websocket') {
      stream.isTunnel = true;
      const duplex = new Http2Duplex(stream);
      this.#serveUpgrade(stream.target, duplex, (parameters) => http2Upgrade(duplex, headers, parameters));
      return;
    }
    const mounted = this.routes.findLongest(pathOf(stream.target));
    if (mounted !== undefined && 'exchange' in mounted) {
      mounted.exchange(stream);
      return;
    }
    // What looks like HTTP/1.1 is made of what node:http2 asks of a stream.
    const duplex = new Http2Duplex(stream) as unknown as ServerHttp2Stream;
    const request = new Http2ServerRequest(duplex, headers, {}, rawHeadersOf(headers));
    this.#hand(mounted?.handler, request, new Http2ServerResponse(duplex));
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

/** How often connections are looked at for silence. */
const SWEEP_MS = 1_000;

function rawHeadersOf(headers: IncomingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => (one === undefined ? [] : [name, one])),
  );
}
