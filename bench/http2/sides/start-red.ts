import RED from 'node-red';
import { once, type EventEmitter } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { memoryStorage } from '../../../nodes/runner/memory-storage.ts';
import type { openServices } from '../../../src/app/services.ts';
import type { StoredNode } from '../../mqtt/flows.ts';

/** A Node-RED of its own, with its own nodes only or with ours as they were built; the answer is the port of its web server. */
export interface RedQuestion {
  readonly withOurs: boolean;
  readonly flow: readonly StoredNode[];
}

/** A node of the benchmark's own. */
export interface EmbeddedNode {
  on(event: 'input', act: (message: object, send: unknown, done: () => void) => void): void;
  send(message: object): void;
}

/** The part of an embedded Node-RED 5 that is used; @types/node-red describes an older one. */
interface EmbeddedRed {
  init(server: object, settings: object): void;
  start(): Promise<void>;
  readonly httpNode: RequestListener;
  readonly nodes: {
    createNode(node: object, stored: object): void;
    registerType(set: string, type: string, constructor: (this: EmbeddedNode, stored: object) => void): void;
  };
  readonly events: EventEmitter;
  readonly runtime: { readonly flows: { setFlows(options: object): Promise<unknown> } };
}

/** The one Node-RED of a process. */
export const red = RED as unknown as EmbeddedRed;
const root = join(import.meta.dirname, '../../..');

/** Starts it with that flow; resolves when the flow runs, with the port of its web server. `prepare` is called before the flow
 * is there: to register types it needs. */
export async function startRed(
  { withOurs, flow }: RedQuestion,
  prepare: () => void = () => undefined,
): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'chartwire-bench-red-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  await writeFile(join(home, 'package.json'), '{ "private": true }\n');
  const server = createServer((request, response) => red.httpNode(request, response));
  red.init(server, {
    userDir: home,
    ...(withOurs && { nodesDir: [root], chartwire: await openBuiltServices(home) }),
    storageModule: memoryStorage(),
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: '/',
    disableEditor: true,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'error', metrics: false, audit: false } },
  });
  const empty = once(red.events, 'flows:started');
  await red.start();
  await empty;
  prepare();
  const started = once(red.events, 'flows:started');
  await red.runtime.flows.setFlows({ flows: { flows: flow }, deploymentType: 'full', req: {} });
  await started;
  // A thousand connect at once: whom it does not take at the first try, h2load asks without end.
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The nodes run from dist/: what they share with us must come from there too. */
async function openBuiltServices(home: string): Promise<unknown> {
  const built = join(root, 'dist/src/app/services.js');
  if (!existsSync(built)) throw new Error(`${built} is missing: run npm run build`);
  const module = (await import(pathToFileURL(built).href)) as { openServices: typeof openServices };
  return await module.openServices({ home, role: 'palette', host: '127.0.0.1', tlsPort: 0 });
}
