import { isIP } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import type { TlsIdentity } from '../../endpoint/endpoint.ts';

const DEFAULT_PORT = 8883;

/** Host and port of an `mqtts:` URL. Throws TypeError when it is none. */
export function brokerAddress(url: string): { host: string; port: number } {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'mqtts:') throw new TypeError(`${url} is no mqtts: address`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? DEFAULT_PORT : Number(port) };
}

/** A socket on its way to the broker: verified, without Nagle's delay, and with ALPN `mqtt` for a port that is shared. */
export function dial(url: string, { ca, cert, key, servername }: TlsIdentity): TLSSocket {
  const { host, port } = brokerAddress(url);
  const name = servername ?? host;
  const socket = connect({
    host,
    port,
    ca,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['mqtt'],
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // SNI is for names only (RFC 6066, 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
  });
  socket.setNoDelay(true);
  return socket;
}
