import { once } from 'node:events';
import { request as plainRequest, type IncomingHttpHeaders } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect, type ClientHttp2Session } from 'node:http2';
import type { TlsIdentity } from '../../src/endpoint/endpoint.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  readonly trailers: Readonly<Record<string, unknown>>;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Asks over one version of HTTP. */
export type Ask = (path: string, question?: Question) => Promise<Answer>;

/** A client of one origin; `tls` is who it is, and without it everything goes in the clear. */
export interface Asker extends AsyncDisposable {
  readonly http1: Ask;
  readonly http2: Ask;
  readonly session: ClientHttp2Session;
}

export async function openAsker(origin: string, tls?: TlsIdentity): Promise<Asker> {
  const open = async (): Promise<ClientHttp2Session> => {
    const opened = connect(origin, { ...tls });
    opened.on('error', () => undefined);
    await once(opened, 'connect');
    return opened;
  };
  let session = await open();
  const request = origin.startsWith('https:') ? tlsRequest : plainRequest;
  return {
    get session() {
      return session;
    },
    async http2(path, { method = 'GET', headers = {}, body } = {}) {
      // A server ends a session that was idle for long, as between two tests on a busy machine.
      if (session.closed || session.destroyed) session = await open();
      const stream = session.request({ ':path': path, ':method': method, ...headers });
      stream.end(body);
      let trailers = {};
      stream.on('trailers', (fields) => (trailers = { ...fields }));
      const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders & { ':status': number }];
      return answer(head[':status'], head, await allOf(stream), () => trailers);
    },
    async http1(path, { method = 'GET', headers = {}, body } = {}) {
      const asked = request(new URL(path, origin), { method, headers, agent: false, ...tls });
      asked.end(body);
      // Who is refused may hear it before all is sent.
      const [response] = await once(asked, 'response');
      asked.on('error', () => undefined);
      return answer(response.statusCode, response.headers, await allOf(response), () => response.trailers);
    },
    async [Symbol.asyncDispose]() {
      const closed = session.closed ? undefined : once(session, 'close');
      session.close();
      await closed;
    },
  };
}

function answer(status: number, headers: IncomingHttpHeaders, bytes: Buffer, trailers: () => object): Answer {
  return { status, headers, bytes, text: bytes.toString(), trailers: { ...trailers() } };
}

async function allOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
