import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Exchange } from '../http/exchange.ts';
import type { Refusals } from '../http/refusals.ts';
import type { Upgrade } from './upgrade.ts';

export type DoorRequest = IncomingMessage | Http2ServerRequest;
export type DoorResponse = ServerResponse | Http2ServerResponse;
export type HttpHandler = (request: DoorRequest, response: DoorResponse) => void;
export type ExchangeHandler = (exchange: Exchange) => void;
export type UpgradeHandler = (upgrade: Upgrade) => void;
export type SocketHandler = (socket: TLSSocket) => void;

/**
 * The one TLS port: MQTT, HTTP/1.1, HTTP/2 and WebSocket, told apart by ALPN (`mqtt`, `http/1.1`, `h2`) and, without
 * ALPN, by the first byte (0x10 is an MQTT CONNECT). Whoever mounts gets only what is his.
 */
export interface Door extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Counters for the status: connections open now and taken so far, by protocol. */
  readonly counts: Readonly<Record<'mqtt' | 'http1' | 'http2' | 'websocket', { open: number; taken: number }>>;
  /** Serves every path that is `prefix` or below it; the longest prefix wins. Returns what unmounts it (new requests get 404). */
  http(prefix: string, handler: HttpHandler): () => void;
  /** The same for a handler that needs none of what makes HTTP/2 look like HTTP/1.1. */
  exchange(prefix: string, handler: ExchangeHandler): () => void;
  /** Takes WebSockets over HTTP/1.1 and HTTP/2 on exactly this path, in which a segment `:name` stands for any one. */
  upgrade(path: string, handler: UpgradeHandler): () => void;
  /** Takes MQTT connections; there is one broker to a door. */
  mqtt(handler: SocketHandler): () => void;
  /** What was refused before it was a request, or by its form; each source is told about once, as a process warning. */
  readonly refusals: Refusals;
  /** Protocols an operator has shut. */
  readonly shut: ReadonlySet<keyof Door['counts']>;
  /** Shuts a protocol, ending its connections and refusing new ones, or opens it again: to maintain, or to see what moves. */
  setOpen(protocol: keyof Door['counts'], open: boolean): void;
  /** Swaps certificate and key for new connections; open ones stay. */
  renew(tls: { cert: string; key: string }): void;
  close(): Promise<void>;
}

const identities = new WeakMap<TLSSocket, { readonly name: string | undefined }>();

/** Subject common name of a client certificate our CA signed, or undefined: the identity every listener uses. */
export function identityOf(socket: TLSSocket): string | undefined {
  // Asked for every message, and a socket's certificate stays: reading it took a fifth of a request's CPU time.
  // A request of HTTP/2 has a stand-in for the socket, a new one each.
  const real = 'carrier' in socket ? (socket.carrier as TLSSocket) : socket;
  let known = identities.get(real);
  if (known === undefined) {
    known = { name: commonNameOf(real) };
    identities.set(real, known);
  }
  return known.name;
}

function commonNameOf(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined;
  const name = socket.getPeerCertificate().subject?.CN;
  return Array.isArray(name) ? name[0] : name;
}
