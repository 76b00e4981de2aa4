import { randomBytes } from 'node:crypto';
import { Fault } from '../../fault.ts';
import type { Upgrade } from '../../front-door/upgrade.ts';
import type { Guard } from '../../http/guard.ts';
import { findForeignOrigin } from '../../front-door/own-origin.ts';
import {
  acceptKey,
  chooseDeflate,
  isHandshakeKey,
  parseProtocols,
  type DeflateAgreement,
} from '../../wire/websocket/index.ts';
import type { ClientInfo } from './far-client.ts';
import { SUBPROTOCOL } from './traits.ts';

const BEARER_PROTOCOL = 'bearer.';

export interface AdmitSettings {
  /** Finds out who asks. */
  readonly guard: Guard;
  readonly origins: readonly string[];
  readonly subprotocols: readonly string[];
  readonly framed: boolean;
  readonly compression: boolean;
  /** Whether somebody who has proved nothing may come in all the same. */
  readonly letsStrangersIn: boolean;
}

/** Who it is and what is agreed on. */
export interface Accepted {
  readonly info: ClientInfo;
  readonly isFramed: boolean;
  readonly agreement: DeflateAgreement | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Refusal {
  readonly status: number;
  readonly fault: Fault;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The server's part of the opening handshake (RFC 6455, 4.2; RFC 8441, 5). */
export async function admit(upgrade: Upgrade, settings: AdmitSettings): Promise<Accepted | Refusal> {
  const { headers, httpVersion, socket, target } = upgrade;
  const problem = handshakeProblem(upgrade);
  if (problem !== undefined) return problem;
  const offered = parseProtocols(headers['sec-websocket-protocol']);
  if (offered === undefined) return invalid('Sec-WebSocket-Protocol is no list of different names');
  const origin = findForeignOrigin(upgrade);
  if (origin !== undefined && !settings.origins.includes(origin) && !settings.origins.includes('*')) {
    return { status: 403, fault: new Fault('ORIGIN_FOREIGN', { origin }) };
  }
  const { guard } = settings;
  const caller = await guard.check({ headers: withProtocolToken(headers, offered), socket });
  if (caller instanceof Fault && !settings.letsStrangersIn) {
    const status = caller.code === 'RATE_EXCEEDED' ? 429 : 401;
    const { challenges } = guard;
    return {
      status,
      fault: caller,
      ...(challenges.length > 0 && { headers: { 'www-authenticate': challenges.join(', ') } }),
    };
  }
  const identity = caller instanceof Fault ? undefined : caller.identity;
  const isFramed = settings.framed && offered.includes(SUBPROTOCOL);
  const protocol = isFramed ? SUBPROTOCOL : (offered.find((name) => settings.subprotocols.includes(name)) ?? '');
  const extensions = headers['sec-websocket-extensions'];
  const deflate = settings.compression && extensions !== undefined ? chooseDeflate(extensions) : undefined;
  const url = URL.parse(target, 'http://here');
  const info: ClientInfo = Object.freeze({
    id: randomBytes(8).toString('hex'),
    ...(identity !== undefined && { identity }),
    url: target,
    path: url?.pathname ?? target,
    query: Object.freeze(Object.fromEntries(url?.searchParams ?? [])),
    params: Object.freeze(upgrade.parameters),
    headers: Object.freeze(shownHeaders(headers)),
    address: socket.remoteAddress ?? '',
    protocol,
    httpVersion,
  });
  return {
    info,
    isFramed,
    agreement: deflate?.agreement,
    headers: {
      ...(httpVersion === '1.1' && { 'sec-websocket-accept': acceptKey(headers['sec-websocket-key'] ?? '') }),
      ...(protocol !== '' && { 'sec-websocket-protocol': protocol }),
      ...(deflate !== undefined && { 'sec-websocket-extensions': deflate.answer }),
    },
  };
}

function handshakeProblem({ headers, httpVersion, method }: Upgrade): Refusal | undefined {
  if (headers['sec-websocket-version'] !== '13') {
    const fault = new Fault('HANDSHAKE_INVALID', { problem: 'Sec-WebSocket-Version must be 13' });
    // Upgrade speaks of the connection, which HTTP/2 does not let headers do (RFC 9113, 8.2.2).
    const wanted = httpVersion === '1.1' ? { upgrade: 'websocket' } : {};
    return { status: 426, fault, headers: { 'sec-websocket-version': '13', ...wanted } };
  }
  // RFC 8441, 5: over HTTP/2 there is no key, and the method is CONNECT.
  if (httpVersion === '2.0') return undefined;
  if (method !== 'GET') return invalid('the method must be GET');
  if (headers.upgrade?.toLowerCase() !== 'websocket') return invalid('Upgrade must be websocket');
  return isHandshakeKey(headers['sec-websocket-key'])
    ? undefined
    : invalid('Sec-WebSocket-Key must be 16 bytes in Base64');
}

function invalid(problem: string): Refusal {
  return { status: 400, fault: new Fault('HANDSHAKE_INVALID', { problem }) };
}

/** A token as sub-protocol `bearer.<token>`, which is all a browser can send, as the header that everybody else sends. */
function withProtocolToken(headers: Upgrade['headers'], offered: readonly string[]): Upgrade['headers'] {
  const token = offered.find((protocol) => protocol.startsWith(BEARER_PROTOCOL));
  if (token === undefined || headers.authorization !== undefined) return headers;
  return { ...headers, authorization: `Bearer ${token.slice(BEARER_PROTOCOL.length)}` };
}

/** Without what proves who it is. */
function shownHeaders({ authorization: _secret, ...headers }: Upgrade['headers']): Upgrade['headers'] {
  const protocols = headers['sec-websocket-protocol'];
  if (protocols?.includes(BEARER_PROTOCOL) !== true) return headers;
  const shown = protocols.split(',').filter((name) => !name.trim().startsWith(BEARER_PROTOCOL));
  return { ...headers, 'sec-websocket-protocol': shown.join(',') };
}
