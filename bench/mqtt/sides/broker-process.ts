import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { join } from 'node:path';
import { openBroker } from '../../../src/index.ts';
import { answerQuestions } from '../../child.ts';
import type { ServerIdentity } from '../load/far-broker.ts';

/** A broker inside Node.js, alone in its process. */
export type BrokerQuestion =
  | {
      readonly do: 'open';
      readonly broker: 'ours' | 'aedes';
      readonly identity: ServerIdentity;
      /** Where sessions and retained messages are kept; in memory without it. */
      readonly folder?: string;
    }
  /** Collects garbage and says how much memory is left in use. */
  | { readonly do: 'memory' };

answerQuestions(async (question: BrokerQuestion): Promise<unknown> => {
  switch (question.do) {
    case 'open': {
      if (question.folder !== undefined) await mkdir(question.folder, { recursive: true });
      const started = performance.now();
      const handle = question.broker === 'ours' ? await openOurs(question.folder) : await openAedes();
      const openedInMs = performance.now() - started;
      const plain = await listen(createServer(handle));
      const tls = await listen(createTlsServer(question.identity, handle));
      return { plain, tls, openedInMs };
    }
    case 'memory':
      globalThis.gc?.();
      return process.memoryUsage.rss();
  }
});

async function openOurs(folder: string | undefined): Promise<(socket: Socket) => void> {
  const options = { authorize: () => true, limits: LIMITS };
  const kept = { ...options, ...(folder !== undefined && { file: join(folder, 'broker.sqlite') }) };
  const broker = await openBroker(kept);
  return (socket) => broker.handle(socket);
}

/** Far above what is measured; so has mosquitto. */
const LIMITS = {
  maxClients: 100_000,
  maxConnections: 100_000,
  maxConnectsPerSecond: 0,
  maxQueuedBytesTotal: 4 * 1024 ** 3,
  maxPendingConnections: 20_000,
  maxInFlight: 65_535,
  maxOutFlight: 65_535,
  maxSubscriptions: 200_000,
  maxQueuedMessages: 100_000,
  maxRetained: 2_000_000,
  maxRetainedBytes: 1024 ** 3,
};

/** By a name the compiler does not look up: the peer is measured as long as it is installed. */
async function openAedes(): Promise<(socket: Socket) => void> {
  const name: string = 'aedes';
  const { Aedes } = (await import(name)) as {
    Aedes: new () => { listen(): Promise<void>; handle(socket: Socket): void };
  };
  const aedes = new Aedes();
  await aedes.listen();
  return (socket) => {
    socket.setNoDelay(true);
    aedes.handle(socket);
  };
}

async function listen(server: Server): Promise<number> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
