import express from 'express';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { editorGuard, upgradeProblem, type EditorGuardOptions } from '../../src/security/editor-guard.ts';

/** The editor's HTTP server and the one behind its guard. */
export interface EditorServer {
  /** The server that listens. */
  readonly server: Server;
  /** What Node-RED is given: it never listens, and sees only what the guard lets through. */
  readonly inner: Server;
  /** Mounts what Node-RED serves. */
  readonly mount: (path: string, handler: RequestListener) => void;
}

/** The editor's HTTP server: the guard stands before everything, upgrades too. */
export function editorServer(guard: EditorGuardOptions, tls: { cert: string; key: string } | undefined): EditorServer {
  const app = express();
  app.disable('x-powered-by');
  // Otherwise a request that fails is answered with a stack, which tells paths of this machine.
  app.set('env', 'production');
  app.use(editorGuard(guard));
  const server: Server = tls === undefined ? createHttpServer(app) : createHttpsServer(tls, app);
  const inner = createHttpServer();
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    const problem = upgradeProblem(request, guard);
    if (problem === undefined) inner.emit('upgrade', request, socket, head);
    else socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${problem}`);
  });
  return { server, inner, mount: (path, handler) => app.use(path, handler as express.RequestHandler) };
}
