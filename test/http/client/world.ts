import { once } from 'node:events';
import { createServer as createPlainServer, type RequestListener, type Server as PlainServer } from 'node:http';
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Session,
} from 'node:http2';
import { createServer as createSecureHttp1Server, type Server as SecureServer } from 'node:https';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import {
  CookieJar,
  defaultClientLimits,
  HttpClient,
  type HttpClientSettings,
  type HttpRequest,
} from '../../../src/http/client/index.ts';
import { testIdentities } from '../../front-door/test-door.ts';

/** A real server on a free port of this machine. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** Connections it has taken so far. */
  readonly connections: () => number;
}

type Listener = RequestListener;

/** HTTP/1.1 in the clear. */
export const http1Server = (listener: Listener): Promise<TestServer> => opened(createPlainServer(listener), 'http');

/** HTTP/1.1 over TLS, which knows nothing of HTTP/2. */
export async function https1Server(listener: Listener): Promise<TestServer> {
  return opened(createSecureHttp1Server(await pemOf(), listener), 'https');
}

/** HTTP/2 over TLS, and HTTP/1.1 for who wants that. */
export async function http2Server(
  listener: Listener,
  onSession: (session: ServerHttp2Session) => void = () => undefined,
  settings: object = {},
): Promise<TestServer> {
  const server = createSecureServer({ ...(await pemOf()), allowHTTP1: true, settings }, listener as never);
  return opened(server.on('session', onSession), 'https');
}

/** HTTP/2 in the clear, by prior knowledge. */
export const h2cServer = (listener: Listener): Promise<TestServer> =>
  opened(createHttp2Server(listener as never), 'http');

/** A server that says what it likes. */
export function rawServer(onSocket: (socket: Socket) => void): Promise<TestServer> {
  return opened(
    createRawServer((socket) => {
      socket.on('error', () => undefined);
      onSocket(socket);
    }),
    'http',
  );
}

/** A server that answers every request on a connection with these bytes, and then does as told. */
export function answering(
  bytes: string | Buffer,
  then: (socket: Socket) => void = () => undefined,
): Promise<TestServer> {
  return rawServer((socket) => {
    socket.on('data', () => {
      socket.write(bytes);
      then(socket);
    });
  });
}

/** A client that trusts our servers, with short pauses and any other settings. */
export async function testClient(settings: Partial<HttpClientSettings> = {}): Promise<HttpClient> {
  const { client } = await testIdentities();
  return new HttpClient({
    ...defaultClientLimits,
    secureContext: createSecureContext({ ca: client.ca }),
    servername: '',
    protocol: 'auto',
    proxyFor: () => undefined,
    keepAlive: true,
    insecureParser: false,
    retryFirstMs: 1,
    retryLongestMs: 50,
    ...settings,
  });
}

/** Everything of a body. */
export async function allOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A GET, unless something else is said. */
export function requestOf(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'GET',
    url: new URL(url),
    headers: {},
    body: undefined,
    cookies: new CookieJar(),
    followRedirects: true,
    verify: true,
    decompress: true,
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    ...more,
  };
}

async function pemOf(): Promise<{ cert: string; key: string }> {
  const { server } = await testIdentities();
  return server;
}

async function opened(
  server: PlainServer | SecureServer | Http2Server | Http2SecureServer | ReturnType<typeof createRawServer>,
  scheme: string,
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
