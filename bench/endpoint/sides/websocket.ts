import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { websocketEndpoint } from '../../../src/endpoints/websocket/index.ts';
import { openDoor } from '../../../src/front-door/open-door.ts';
import { payload, type Protocol } from '../side.ts';
import { sideOf } from './ours.ts';

/** One frame for each message and one back. */
export const protocol: Protocol = {
  async ours({ identities: { ca, server, client } }) {
    const door = await openDoor({ host: '127.0.0.1', port: 0, ...server, ca });
    const listener = await websocketEndpoint.listen({ door, path: '/bench' });
    const url = `wss://127.0.0.1:${door.port}/bench`;
    return await sideOf(websocketEndpoint.connect({ url, tls: { ca, ...client } }), listener);
  },
  async bare({ identities: { ca, server, client } }) {
    let received = 0;
    const listener = createServer({ ...server, ca, requestCert: true });
    const acknowledgement = Buffer.from('ok');
    new WebSocketServer({ server: listener }).on('connection', (socket) => {
      socket.on('message', () => {
        received += 1;
        socket.send(acknowledgement);
      });
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const socket = new WebSocket(`wss://127.0.0.1:${(listener.address() as AddressInfo).port}/bench`, {
      ca,
      ...client,
    });
    await once(socket, 'open');
    const waiting: (() => void)[] = [];
    socket.on('message', () => waiting.shift()?.());
    const send = (): Promise<void> =>
      new Promise((resolve) => {
        waiting.push(resolve);
        socket.send(payload);
      });
    return { send, received: () => received };
  },
};
