import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { answerQuestions } from '../../child.ts';
import { PATHS } from '../flows.ts';

/** What one writes by hand with ws: an echo, and a loop that sends to everybody. The answer is the port. */
answerQuestions(async (): Promise<number> => {
  const server = createServer();
  const echo = new WebSocketServer({ noServer: true });
  const all = new WebSocketServer({ noServer: true });
  echo.on('connection', (socket: WebSocket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  all.on('connection', (socket: WebSocket) => {
    socket.on('message', (data, isBinary) => {
      for (const client of all.clients) client.send(data, { binary: isBinary });
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const target = request.url === PATHS.echo ? echo : all;
    target.handleUpgrade(request, socket, head, (webSocket) => target.emit('connection', webSocket, request));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
});
