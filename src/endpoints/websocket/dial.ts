import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectHttp2, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkServerIdentity, connect as connectSecure } from 'node:tls';
import { connectThrough, environmentProxy, proxyUrl } from '../../endpoint/proxy.ts';
import { Fault } from '../../fault.ts';
import { acceptKey, deflateOffer, readDeflateAnswer, type DeflateAgreement } from '../../wire/websocket/index.ts';
import type { WebSocketTls } from './settings.ts';

export interface DialSettings {
  readonly url: string;
  /** The same without what is secret, for people. */
  readonly shownUrl: string;
  readonly tls: WebSocketTls;
  readonly http: '1.1' | '2';
  readonly subprotocols: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: boolean;
  readonly proxy: string | undefined;
  readonly signal: AbortSignal;
}

export interface Dialled {
  readonly stream: Duplex;
  readonly head: Buffer;
  /** The sub-protocol that was agreed, or empty. */
  readonly protocol: string;
  readonly agreement: DeflateAgreement | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** Opens a WebSocket over HTTP/1.1 (RFC 6455, 4.1) or HTTP/2 (RFC 8441). Rejects with what stopped it, or the signal's reason. */
export async function dial(settings: DialSettings): Promise<Dialled> {
  const { url, signal, http } = settings;
  const socket = await openSocket(new URL(url), settings);
  const stop = (): void => void socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await (http === '2' ? upgradeHttp2(socket, settings) : upgradeHttp1(socket, settings));
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Connected, verified when it is secure, without Nagle's delay. */
async function openSocket(url: URL, { tls, http, proxy, signal }: DialSettings): Promise<Socket> {
  const secure = url.protocol === 'wss:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const through =
    proxy === undefined
      ? environmentProxy({ host, port }, secure ? ['wss', 'https'] : ['ws', 'http'])
      : proxyUrl(proxy);
  const below = through && (await connectThrough(through, { host, port }, signal));
  const socket = secure ? secureSocket(host, port, tls, http, below) : (below ?? connectPlain(port, host));
  try {
    socket.setNoDelay(true);
    if (secure || below === undefined) await once(socket, secure ? 'secureConnect' : 'connect', { signal });
    return socket;
  } catch (error) {
    socket.on('error', () => undefined);
    socket.destroy();
    throw signal.aborted ? signal.reason : error;
  }
}

function secureSocket(
  host: string,
  port: number,
  tls: WebSocketTls,
  http: '1.1' | '2',
  below: Socket | undefined,
): Socket {
  const { ca, cert, key, pfx, passphrase, servername } = tls;
  const name = servername ?? host;
  return connectSecure({
    ...(below === undefined ? { host, port } : { socket: below }),
    ca,
    minVersion: 'TLSv1.2',
    ALPNProtocols: [http === '2' ? 'h2' : 'http/1.1'],
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(pfx !== undefined && { pfx }),
    ...(passphrase !== undefined && { passphrase }),
    // SNI is for names only (RFC 6066, 3).
    ...(isIP(name) === 0 && { servername: name }),
  });
}

async function upgradeHttp1(socket: Socket, settings: DialSettings): Promise<Dialled> {
  const { url, shownUrl, signal } = settings;
  const { host, pathname, search } = new URL(url);
  const key = randomBytes(16).toString('base64');
  const request = httpRequest({
    createConnection: () => socket,
    method: 'GET',
    path: pathname + search,
    setHost: false,
    headers: {
      host,
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-key': key,
      ...wishes(settings),
    },
    signal,
  });
  request.end();
  const [response, stream, head] = (await Promise.race([once(request, 'upgrade'), once(request, 'response')])) as [
    IncomingMessage,
    Duplex | undefined,
    Buffer | undefined,
  ];
  const { statusCode, statusMessage, headers } = response;
  if (statusCode !== 101 || stream === undefined || head === undefined) {
    throw new Fault('LINK_REFUSED', { url: shownUrl, answer: `${statusCode} ${statusMessage}`.trim() });
  }
  const isWebSocket = headers.upgrade?.toLowerCase() === 'websocket';
  if (!isWebSocket || headers['sec-websocket-accept'] !== acceptKey(key)) {
    throw new Fault('LINK_REFUSED', { url: shownUrl, answer: 'an upgrade to something else than what was asked for' });
  }
  return agreed(stream, head, headers, settings);
}

async function upgradeHttp2(socket: Socket, settings: DialSettings): Promise<Dialled> {
  const { url, shownUrl, signal } = settings;
  const { host, pathname, search, protocol } = new URL(url);
  const session = connectHttp2(`${protocol === 'wss:' ? 'https' : 'http'}://${host}`, {
    createConnection: () => socket,
  });
  // What breaks the session also ends its stream, which is heard there.
  session.on('error', () => undefined);
  try {
    const { enableConnectProtocol } = await remoteSettings(session, signal);
    if (enableConnectProtocol !== true) {
      throw new Fault('LINK_REFUSED', { url: shownUrl, answer: 'no WebSocket over HTTP/2 (RFC 8441)' });
    }
    const stream = session.request(
      { ':method': 'CONNECT', ':protocol': 'websocket', ':path': pathname + search, ...wishes(settings) },
      { endStream: false, signal },
    );
    const [headers] = (await once(stream, 'response', { signal })) as [IncomingHttpHeaders & { ':status'?: number }];
    if (headers[':status'] !== 200) throw new Fault('LINK_REFUSED', { url: shownUrl, answer: `${headers[':status']}` });
    stream.once('close', () => session.close());
    return agreed(stream, Buffer.alloc(0), headers, settings);
  } catch (error) {
    session.destroy();
    throw error;
  }
}

async function remoteSettings(
  session: ClientHttp2Session,
  signal: AbortSignal,
): Promise<{ readonly enableConnectProtocol?: boolean }> {
  const [settings] = (await once(session, 'remoteSettings', { signal })) as [{ enableConnectProtocol?: boolean }];
  return settings;
}

function wishes({ subprotocols, headers, compression }: DialSettings): Record<string, string> {
  return {
    ...headers,
    'sec-websocket-version': '13',
    ...(subprotocols.length > 0 && { 'sec-websocket-protocol': subprotocols.join(', ') }),
    ...(compression && { 'sec-websocket-extensions': deflateOffer }),
  };
}

/** What the answer agrees to must have been offered (RFC 6455, 4.1). */
function agreed(
  stream: Duplex,
  head: Buffer,
  headers: IncomingHttpHeaders,
  { shownUrl, subprotocols, compression }: DialSettings,
): Dialled {
  const protocol = headers['sec-websocket-protocol'] ?? '';
  if (protocol !== '' && !subprotocols.includes(protocol)) {
    throw new Fault('LINK_REFUSED', { url: shownUrl, answer: 'a sub-protocol that was not offered' });
  }
  const extensions = headers['sec-websocket-extensions'];
  if (extensions === undefined) return { stream, head, protocol, agreement: undefined, headers };
  const agreement = compression ? readDeflateAnswer(extensions) : 'it answered with extensions that were not offered';
  if (typeof agreement === 'string') throw new Fault('LINK_REFUSED', { url: shownUrl, answer: agreement });
  return { stream, head, protocol, agreement, headers };
}
