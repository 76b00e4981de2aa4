import type { IncomingMessage } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Fault } from '../fault.ts';
import type { Http2Duplex } from '../http/h2/duplex.ts';
import { refuseUpgrade } from './answer.ts';

/** What was accepted: the stream, and what has been read from it already. */
export interface UpgradedStream {
  readonly stream: Duplex;
  readonly head: Buffer;
}

/** One wish for a WebSocket, the same over HTTP/1.1 (RFC 6455, 4) and HTTP/2 (RFC 8441, 4). It is answered once. */
export interface Upgrade {
  readonly httpVersion: '1.1' | '2.0';
  readonly method: string;
  /** The request target as it was sent: `/a/b?c=d`. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** What stands in the path where the mounted one has `:name`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly socket: Socket;
  /** What HTTP/1.1 hands over, for a library that does the handshake itself. */
  readonly bare?: { readonly request: IncomingMessage; readonly stream: Duplex; readonly head: Buffer };
  /** Says yes, with these headers. */
  accept(headers: Readonly<Record<string, string>>): UpgradedStream;
  /** Says no, as JSON `{code, message, next}`. */
  refuse(status: number, fault: Fault, headers?: Readonly<Record<string, string>>): void;
}

export function http1Upgrade(
  request: IncomingMessage,
  stream: Duplex,
  head: Buffer,
  parameters: Upgrade['parameters'],
): Upgrade {
  // node:http no longer listens to it, and who takes it may have to wait before he does.
  stream.on('error', () => undefined);
  return {
    httpVersion: '1.1',
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers,
    parameters,
    socket: request.socket,
    bare: { request, stream, head },
    accept(headers) {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      stream.write(
        `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n${lines.join('')}\r\n`,
      );
      return { stream, head };
    },
    refuse: (status, fault, headers) => refuseUpgrade(stream, status, fault, headers),
  };
}

/** A stream that began with an extended CONNECT (RFC 8441, 4). */
export function http2Upgrade(
  stream: Http2Duplex,
  headers: IncomingHttpHeaders,
  parameters: Upgrade['parameters'],
): Upgrade {
  // A stream that breaks closes itself, which whoever works on it hears.
  stream.on('error', () => undefined);
  return {
    httpVersion: '2.0',
    method: 'CONNECT',
    target: headers[':path'] ?? '',
    headers,
    parameters,
    socket: stream.carrier,
    accept(answer) {
      stream.respond({ ':status': 200, ...answer });
      return { stream, head: Buffer.alloc(0) };
    },
    refuse(status, fault, answer) {
      if (stream.destroyed) return;
      stream.respond({ ':status': status, 'content-type': 'application/json; charset=utf-8', ...answer });
      stream.end(JSON.stringify(fault));
    },
  };
}
