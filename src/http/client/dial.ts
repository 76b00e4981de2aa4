import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure, type SecureContext, type TLSSocket } from 'node:tls';
import { farSideFault } from '../../endpoint/far-side-fault.ts';
import { connectThrough } from '../../endpoint/proxy.ts';
import { Fault } from '../../fault.ts';
import { ExchangeFailure } from './exchange.ts';

export interface Way {
  readonly url: URL;
  /** Go through this proxy. */
  readonly proxy: URL | undefined;
  /** The proxy is talked to itself, and passes each request on: for `http:` over HTTP/1.1. */
  readonly absoluteForm: boolean;
  /** Protocols offered over TLS (RFC 7301). */
  readonly offer: readonly ('h2' | 'http/1.1')[];
  readonly secureContext: SecureContext | undefined;
  readonly servername: string;
  /** False: any certificate will do. */
  readonly verify: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A connection, verified when it is TLS. Rejects with ExchangeFailure: nothing has been sent by then. */
export async function dial(way: Way): Promise<Socket> {
  const { url, timeoutMs, signal } = way;
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new Fault('REQUEST_TIMED_OUT', { url: url.origin, waitedFor: 'connection', afterMs: timeoutMs })),
    timeoutMs,
  );
  const onAbort = (): void => limit.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await open(way, limit.signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { reason } = limit.signal as { reason?: unknown };
    const fault = reason instanceof Fault ? reason : farSideFault(url.origin, error);
    throw new ExchangeFailure(fault, 'unsent', {
      passing: fault.code === 'FAR_SIDE_GONE' || fault.code === 'REQUEST_TIMED_OUT',
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function open(way: Way, signal: AbortSignal): Promise<Socket> {
  const { url, proxy, absoluteForm } = way;
  const secure = url.protocol === 'https:';
  const target = targetOf(url);
  if (proxy !== undefined && absoluteForm) {
    const { protocol } = proxy;
    const socket = protocol === 'https:' ? connectSecure(targetOf(proxy)) : connectPlain(targetOf(proxy));
    return settled(socket, protocol === 'https:' ? 'secureConnect' : 'connect', signal);
  }
  const below = proxy === undefined ? undefined : await connectThrough(proxy, target, signal);
  if (!secure) return below ?? settled(connectPlain(target), 'connect', signal);
  const name = way.servername === '' ? target.host : way.servername;
  const socket = connectSecure({
    ...(below === undefined ? target : { socket: below }),
    host: name,
    ...(below === undefined && { host: target.host }),
    // A server name that is an address is not allowed (RFC 6066, 3), but verified all the same.
    ...(isIP(name) === 0 && { servername: name }),
    ALPNProtocols: [...way.offer],
    rejectUnauthorized: way.verify,
    ...(way.secureContext !== undefined && { secureContext: way.secureContext }),
  });
  return settled(socket, 'secureConnect', signal);
}

function settled<Opening extends Socket | TLSSocket>(
  socket: Opening,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<Opening> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => void socket.destroy(signal.reason as Error);
    const onEnd = (error?: unknown): void => {
      signal.removeEventListener('abort', onAbort);
      reject(error instanceof Error ? error : new Error('it closed the connection'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    socket.setNoDelay(true);
    socket.once('error', onEnd);
    socket.once('close', onEnd);
    socket.once(event, () => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onEnd);
      socket.off('close', onEnd);
      resolve(socket);
    });
  });
}

const targetOf = ({ protocol, hostname, port }: URL): { host: string; port: number } => ({
  host: hostname.replace(/^\[|\]$/g, ''),
  port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
});
