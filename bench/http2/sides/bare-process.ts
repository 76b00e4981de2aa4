import { once } from 'node:events';
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { answerQuestions } from '../../child.ts';

/** Handlers by hand on the servers of Node.js, with nothing of ours: what was posted comes back, and `{}` for what is read. */
const READ = Buffer.from('{}');

answerQuestions(async (version: 1 | 2): Promise<number> => {
  const server = version === 1 ? createHttp1(answerHttp1) : http2Server();
  // A thousand connect at once: whom it does not take at the first try, h2load asks without end.
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
});

function http2Server(): ReturnType<typeof createHttp2> {
  const server = createHttp2({ settings: { maxConcurrentStreams: 100 } });
  server.on('stream', (stream, headers) => {
    const answer = (body: Buffer, type: string): void => {
      // Whoever measures leaves in the middle of what it has asked.
      if (stream.destroyed) return;
      stream.respond({ ':status': 200, 'content-type': type, 'content-length': body.length });
      stream.end(body);
    };
    stream.on('error', () => undefined);
    if (headers[':method'] === 'GET') return answer(READ, 'application/json; charset=utf-8');
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => answer(Buffer.concat(chunks), 'application/octet-stream'));
  });
  return server;
}

function answerHttp1(request: IncomingMessage, response: ServerResponse): void {
  const answer = (body: Buffer, type: string): void => {
    response.writeHead(200, { 'content-type': type, 'content-length': body.length });
    response.end(body);
  };
  if (request.method === 'GET') return answer(READ, 'application/json; charset=utf-8');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => answer(Buffer.concat(chunks), 'application/octet-stream'));
}
