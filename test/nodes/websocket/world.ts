import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, type ClientOptions } from 'ws';
import { catching, startNodeRed, tab, type StoredNode, type TestNodeRed } from '../../support/node-red.ts';

/** A Node-RED with a web server, where core nodes and ours listen side by side. */
export interface WebSocketWorld extends AsyncDisposable {
  readonly nodeRed: TestNodeRed;
  readonly port: number;
  deploy(...nodes: StoredNode[]): Promise<void>;
  /** Dials a path, and resolves when the connection is open. */
  dial(path: string, options?: ClientOptions, protocols?: string[]): Promise<TestClient>;
}

export interface TestClient {
  readonly socket: WebSocket;
  /** What has come: text as text, bytes as bytes. */
  readonly received: readonly (string | Buffer)[];
  /** The same, as soon as there are so many. */
  receivedBy(count: number): Promise<readonly (string | Buffer)[]>;
}

export async function websocketWorld(): Promise<WebSocketWorld> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const nodeRed = await startNodeRed({ server });
  const sockets: WebSocket[] = [];
  return {
    nodeRed,
    port,
    async deploy(...nodes) {
      for (const socket of sockets.splice(0)) socket.terminate();
      await nodeRed.deploy([tab, ...catching, ...nodes]);
    },
    async dial(path, options = {}, protocols = []) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options);
      sockets.push(socket);
      const received: (string | Buffer)[] = [];
      socket.on('message', (data: Buffer, isBinary) => received.push(isBinary ? data : data.toString()));
      await once(socket, 'open');
      return {
        socket,
        received,
        async receivedBy(count) {
          while (received.length < count) await once(socket, 'message');
          return received.slice(0, count);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.splice(0)) socket.terminate();
      await nodeRed.deploy([tab]);
      await nodeRed.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A node of the canvas. */
export function place(id: string, type: string, more: object, to: string[] = []): StoredNode {
  return { id, type, z: tab.id, wires: type.endsWith('out') ? [] : [to], ...more };
}

/** A listener of ours at the server of Node-RED, open to everybody. */
export function ownListener(id: string, path: string, more: object = {}): StoredNode {
  return { id, type: 'chartwire-websocket-listener', server: 'nodeRed', callers: 'everybody', path, ...more };
}
