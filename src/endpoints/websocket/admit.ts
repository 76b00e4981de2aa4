import { randomBytes } from 'node:crypto';
import { Fault } from '../../fault.ts';
import type { Upgrade } from '../../front-door/upgrade.ts';
import { findForeignOrigin } from '../../front-door/own-origin.ts';
import {
  acceptKey,
  chooseDeflate,
  isHandshakeKey,
  parseProtocols,
  type DeflateAgreement,
} from '../../wire/websocket/index.ts';
import { BEARER_PROTOCOL, prove, type Authentication } from './authenticate.ts';
import type { ClientInfo } from './far-client.ts';
import { SUBPROTOCOL } from './traits.ts';

export interface AdmitSettings {
  readonly authentication: Authentication;
  readonly origins: readonly string[];
  readonly subprotocols: readonly string[];
  readonly framed: boolean;
  readonly compression: boolean;
  /** Whether somebody who has proved nothing may come in all the same. */
  readonly letsStrangersIn: boolean;
}

/** What a wish for a WebSocket comes to: who it is and what is agreed on, or a refusal. */
export type Admission =
  | {
      readonly info: ClientInfo;
      readonly isFramed: boolean;
      readonly agreement: DeflateAgreement | undefined;
      readonly headers: Readonly<Record<string, string>>;
    }
  | { readonly status: number; readonly fault: Fault; readonly headers?: Readonly<Record<string, string>> };

/** The server's part of the opening handshake (RFC 6455, 4.2; RFC 8441, 5). */
export function admit(upgrade: Upgrade, settings: AdmitSettings): Admission {
  const { headers, httpVersion, socket, target } = upgrade;
  const problem = handshakeProblem(upgrade);
  if (problem !== undefined) return problem;
  const offered = parseProtocols(headers['sec-websocket-protocol']);
  if (offered === undefined) return invalid('Sec-WebSocket-Protocol is no list of different names');
  const origin = findForeignOrigin(upgrade);
  if (origin !== undefined && !settings.origins.includes(origin) && !settings.origins.includes('*')) {
    return { status: 403, fault: new Fault('ORIGIN_FOREIGN', { origin }) };
  }
  const proof = prove(upgrade, settings.authentication, offered);
  if ('challenge' in proof && !settings.letsStrangersIn) {
    const { challenge } = proof;
    const asked = challenge === '' ? {} : { headers: { 'www-authenticate': challenge } };
    return { status: 401, fault: new Fault('IDENTITY_MISSING', {}), ...asked };
  }
  const identity = 'identity' in proof ? proof.identity : undefined;
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

function handshakeProblem({ headers, httpVersion, method }: Upgrade): Admission | undefined {
  if (headers['sec-websocket-version'] !== '13') {
    const fault = new Fault('HANDSHAKE_INVALID', { problem: 'Sec-WebSocket-Version must be 13' });
    return { status: 426, fault, headers: { 'sec-websocket-version': '13', upgrade: 'websocket' } };
  }
  // RFC 8441, 5: over HTTP/2 there is no key, and the method is CONNECT.
  if (httpVersion === '2.0') return undefined;
  if (method !== 'GET') return invalid('the method must be GET');
  if (headers.upgrade?.toLowerCase() !== 'websocket') return invalid('Upgrade must be websocket');
  return isHandshakeKey(headers['sec-websocket-key'])
    ? undefined
    : invalid('Sec-WebSocket-Key must be 16 bytes in Base64');
}

function invalid(problem: string): Admission {
  return { status: 400, fault: new Fault('HANDSHAKE_INVALID', { problem }) };
}

/** Without what proves who it is. */
function shownHeaders({ authorization: _secret, ...headers }: Upgrade['headers']): Upgrade['headers'] {
  const protocols = headers['sec-websocket-protocol'];
  if (protocols?.includes(BEARER_PROTOCOL) !== true) return headers;
  const shown = protocols.split(',').filter((name) => !name.trim().startsWith(BEARER_PROTOCOL));
  return { ...headers, 'sec-websocket-protocol': shown.join(',') };
}
