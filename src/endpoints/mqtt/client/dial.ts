import { once } from 'node:events';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect as connectSecure, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { TlsIdentity } from '../../../endpoint/endpoint.ts';
import { connectThrough } from '../../../endpoint/proxy.ts';
import type { BrokerAddress } from './address.ts';
import { openWebSocket } from './websocket-stream.ts';

/** A way to the broker that is open: bytes in, bytes out. */
export interface Transport {
  readonly stream: Duplex;
  /** Bytes that came and went so far: how the keep alive sees life without counting packets. */
  readonly socket: Pick<Socket, 'bytesRead' | 'bytesWritten'>;
  /** Name in the broker's verified certificate. */
  readonly identity: string | undefined;
}

export interface DialOptions {
  readonly tls: TlsIdentity | undefined;
  readonly proxy: URL | undefined;
  /** Sub-protocol of a WebSocket. */
  readonly subprotocol: 'mqtt' | 'mqttv3.1';
  readonly maxPacketBytes: number;
  readonly signal: AbortSignal;
}

/** Opens the way to a broker: verified when it is secure, without Nagle's delay. Rejects with what stopped it, or the signal's reason. */
export async function dial(address: BrokerAddress, options: DialOptions): Promise<Transport> {
  const { tls, proxy, signal } = options;
  const below = proxy === undefined ? undefined : await connectThrough(proxy, address, signal);
  const socket = address.secure ? dialSecure(address, tls, below) : (below ?? connectPlain(address.port, address.host));
  // Errors after this function has settled belong to who reads the stream.
  const stop = (): void => void socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    socket.setNoDelay(true);
    if (signal.aborted) throw signal.reason as Error;
    if (address.secure || below === undefined)
      await once(socket, address.secure ? 'secureConnect' : 'connect', { signal });
    const identity = address.secure ? nameOf(socket as TLSSocket) : undefined;
    const stream = address.path === undefined ? socket : await openWebSocket(address, socket, options);
    return { stream, socket, identity };
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** TLS with ALPN `mqtt` for a port that is shared; a WebSocket names HTTP/1.1 there. */
function dialSecure(
  { host, port, path }: BrokerAddress,
  tls: TlsIdentity | undefined,
  below: Socket | undefined,
): TLSSocket {
  const { ca, cert, key, servername } = tls ?? {};
  const name = servername ?? host;
  const options: ConnectionOptions = {
    minVersion: 'TLSv1.2',
    ALPNProtocols: [path === undefined ? 'mqtt' : 'http/1.1'],
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    // SNI is for names only (RFC 6066, 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
  };
  return connectSecure(below === undefined ? { ...options, host, port } : { ...options, socket: below });
}

function nameOf(socket: TLSSocket): string | undefined {
  const name = socket.getPeerCertificate().subject?.CN;
  return Array.isArray(name) ? name[0] : name;
}
