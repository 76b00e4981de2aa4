import type { Duplex } from 'node:stream';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { addressOf } from '../../address.ts';
import type { Conduit } from './conduit.ts';
import { farSideOf } from './fingerprint.ts';
import type { PeerIdentity } from './settings.ts';

const HANDSHAKE_MS = 10_000;

export interface TlsServerEvents {
  /** `problem` says why the certificate is not signed as it must be. */
  conduit(conduit: Conduit, problem: string | undefined): void;
  refused(source: string, problem: string): void;
}

/** Takes TLS 1.3 from whoever comes: the certificate is judged afterwards, so that the far side can be told why. */
export function tlsServer({ cert, key, ca }: PeerIdentity, path: Conduit['path'], events: TlsServerEvents): Server {
  const server = createServer({
    cert,
    key,
    minVersion: 'TLSv1.3',
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: HANDSHAKE_MS,
    ...(ca === undefined ? {} : { ca }),
  });
  server.on('tlsClientError', (error, socket) => {
    socket.destroy();
    events.refused(socket.remoteAddress ?? path, `no TLS handshake (${error.message})`);
  });
  server.on('secureConnection', (stream) => {
    const isTrusted = ca === undefined || stream.authorized;
    const problem = isTrusted ? undefined : 'the certificate is not a valid one of our CA';
    if (path === 'lan') stream.setNoDelay(true);
    events.conduit({ path, url: urlOf(stream, path), farSide: farSideOf(stream), stream }, problem);
  });
  return server;
}

/** TLS inside a tunnel. */
export function serveTunnel(tunnel: Duplex, identity: PeerIdentity, events: TlsServerEvents): void {
  const server = tlsServer(identity, 'relayed', events);
  server.on('secureConnection', (stream) => stream.once('close', () => tunnel.destroy()));
  server.emit('connection', tunnel);
}

function urlOf({ remoteAddress = '', remotePort = 0 }: TLSSocket, path: Conduit['path']): string {
  return path === 'relayed' ? 'peer://relayed' : `peer://${addressOf(remoteAddress, remotePort)}`;
}
