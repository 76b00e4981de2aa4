import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { request as https } from 'node:https';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect, type TLSSocket } from 'node:tls';
import type { TlsIdentity } from '../../src/endpoint/endpoint.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A finished TLS handshake with the door. */
export async function rawSocket(port: number, tls: TlsIdentity, protocol?: string): Promise<TLSSocket> {
  const alpn = protocol === undefined ? {} : { ALPNProtocols: [protocol] };
  const socket = connect({ host: '127.0.0.1', port, ...tls, ...alpn });
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

/** Everything that comes until the far side ends the connection. */
export async function untilClosed(socket: TLSSocket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  if (!socket.closed) await once(socket, 'close');
  return text;
}

export async function askHttp1(
  port: number,
  tls: TlsIdentity,
  { method = 'GET', path, headers, body }: Asked,
): Promise<Answer> {
  const request = https({ host: '127.0.0.1', port, ...tls, method, path, headers, agent: false });
  request.end(body);
  const [response] = await once(request, 'response');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

export async function openHttp2(port: number, tls: TlsIdentity): Promise<ClientHttp2Session> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, tls);
  session.on('error', () => undefined);
  await once(session, 'connect');
  return session;
}

export async function askOn(
  session: ClientHttp2Session,
  { method = 'GET', path, headers, body }: Asked,
): Promise<Answer> {
  const stream = session.request({ ':method': method, ':path': path, ...headers });
  stream.end(body);
  const [answer] = await once(stream, 'response');
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return { status: answer[':status'], headers: answer, text };
}

export async function askHttp2(port: number, tls: TlsIdentity, asked: Asked): Promise<Answer> {
  const session = await openHttp2(port, tls);
  try {
    return await askOn(session, asked);
  } finally {
    session.destroy();
  }
}
