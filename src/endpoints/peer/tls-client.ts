import type { Duplex } from 'node:stream';
import { connect, type ConnectionOptions } from 'node:tls';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import { Fault } from '../../fault.ts';
import type { Conduit } from './conduit.ts';
import { farSideOf } from './fingerprint.ts';
import type { PeerPath } from './presence.ts';
import type { PeerIdentity } from './settings.ts';

export interface TlsTarget {
  readonly url: string;
  readonly path: PeerPath;
  /** Fingerprint of who must be there. */
  readonly pin: string;
  readonly identity: PeerIdentity;
  /** Where to, or what leads there already. */
  readonly to: { readonly host: string; readonly port: number } | { readonly socket: Duplex };
}

/** Mutual TLS 1.3 to a peer. Rejects with FAR_SIDE_UNTRUSTED, LINK_REFUSED, FAR_SIDE_GONE or the signal's reason. */
export function openTls({ url, path, pin, identity, to }: TlsTarget, signal: AbortSignal): Promise<Conduit> {
  const { cert, key, ca } = identity;
  // The pin decides: the name in a certificate says nothing about a peer, which may move.
  const options: ConnectionOptions = {
    ...to,
    cert,
    key,
    minVersion: 'TLSv1.3',
    checkServerIdentity: () => undefined,
    ...(ca === undefined ? { rejectUnauthorized: false } : { ca }),
  };
  return new Promise((resolve, reject) => {
    const stream = connect(options);
    let cause: Error | undefined;
    const onAbort = (): void => {
      cause = signal.reason as Error;
      stream.destroy();
    };
    const early = (): void => {
      signal.removeEventListener('abort', onAbort);
      // A tunnel does not end with what went through it.
      if ('socket' in to) to.socket.destroy();
      reject(cause ?? farSideFault(url, new Error('closed during the handshake')));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    stream.on('error', (error) => (cause ??= farSideFault(url, error)));
    stream.once('close', early);
    stream.once('secureConnect', () => {
      const farSide = farSideOf(stream);
      if (farSide.fingerprint !== pin) {
        cause = new Fault('FAR_SIDE_UNTRUSTED', { url, reason: `its fingerprint is ${farSide.fingerprint}` });
        stream.destroy();
        return;
      }
      stream.off('close', early);
      signal.removeEventListener('abort', onAbort);
      if ('socket' in to) stream.once('close', () => to.socket.destroy());
      else stream.setNoDelay(true);
      resolve({ path, url, farSide, stream });
    });
  });
}
