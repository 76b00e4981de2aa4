import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { Fault } from '../fault.ts';
import { LINGER_MS } from '../http/linger.ts';
import { beginRequest } from '../http/request-bytes.ts';
import { answerFault } from './answer.ts';
import type { FilledDoorLimits } from './door-limits.ts';
import { SlowBodies } from './slow-bodies.ts';

export interface Http1ServerSettings {
  readonly limits: FilledDoorLimits;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly onRefused: (source: string, reason: string) => void;
}

/** A server of node:http that never listens: it is given its connections. */
export function newHttp1Server({ limits, onRequest, onUpgrade, onRefused }: Http1ServerSettings): Server {
  const { maxHeaderBytes, maxHeaders, firstRequestMs } = limits;
  const server = createServer({
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: firstRequestMs,
    requestTimeout: 0,
    connectionsCheckingInterval: CHECK_MS,
    // All other wishes are ignored, as a server may (RFC 9110, 7.8): the request itself is served.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  });
  // node:http drops what is beyond: one more is let through, so that the request can be refused instead.
  server.maxHeadersCount = maxHeaders + 1;
  const refuse = (error: Broken, socket: Socket): void => {
    onRefused(socket.remoteAddress ?? '', error.code ?? 'HTTP/1.1');
    refuseHttp1(error, socket);
  };
  const bodies = new SlowBodies(limits, ({ socket }) => refuse({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket));
  const checking = setInterval(() => bodies.check(), CHECK_MS).unref();
  server.once('close', () => clearInterval(checking));
  server.on('connection', (socket: Socket) => beginRequest(socket, socket.bytesRead - socket.readableLength));
  server.on('request', (request, response) => {
    bodies.add(request);
    const bad = badHeaders(request, maxHeaders);
    if (bad === undefined) return onRequest(request, response);
    onRefused(request.socket.remoteAddress ?? '', bad.problem);
    answerFault(response, bad.status, new Fault('MESSAGE_INVALID', { problem: bad.problem }), { connection: 'close' });
  });
  server.on('clientError', (error: Broken, socket) => refuse(error, socket as Socket));
  server.on('upgrade', (request, socket, head) => {
    const bad = badHeaders(request, maxHeaders);
    if (bad === undefined) return onUpgrade(request, socket, head);
    onRefused(request.socket.remoteAddress ?? '', bad.problem);
    refuseHttp1({}, request.socket);
  });
  // Its header and request timers start with this event.
  server.emit('listening');
  return server;
}

const CHECK_MS = 1_000;

/** What node:http tells of what it cannot read. */
interface Broken {
  readonly code?: string | undefined;
  readonly rawPacket?: Buffer;
}

/** What it says of a request that it cannot read. */
const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What cannot be read as HTTP/1.1 (RFC 9112, 2.2), or not in time: nobody can say where the next request would begin. */
export function refuseHttp1({ code = '', rawPacket }: Broken, socket: Socket): void {
  // On a plain port whoever speaks something else, say HTTP/2 with a broken preface, would take an answer for what it is not.
  const isHttp1 =
    socket instanceof TLSSocket ||
    rawPacket === undefined ||
    / HTTP\/\d/.test(rawPacket.toString('latin1').split('\r\n', 1)[0]!);
  if (!socket.writable || code === 'ECONNRESET' || (!isHttp1 && socket.bytesWritten === 0)) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_ERROR[code] ?? 400;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  // Whoever never ends his side is not waited for.
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(cut));
  socket.resume();
}

/** Why a request is not served for its headers, and with which status. */
function badHeaders(
  { rawHeaders }: IncomingMessage,
  most: number,
): { readonly status: number; readonly problem: string } | undefined {
  if (rawHeaders.length > 2 * most) return { status: 431, problem: `there are more than ${most} headers` };
  return hasTwoHosts(rawHeaders) ? { status: 400, problem: 'there are two hosts' } : undefined;
}

/** RFC 9112, 3.2: another reader may go by the other one. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]!.toLowerCase() === 'host') hosts += 1;
  return hosts > 1;
}
