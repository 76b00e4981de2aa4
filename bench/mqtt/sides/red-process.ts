import RED from 'node-red';
import { once, type EventEmitter } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { memoryStorage } from '../../../nodes/runner/memory-storage.ts';
import type { openServices, Services } from '../../../src/app/services.ts';
import { answerQuestions } from '../../child.ts';
import type { StoredNode } from '../flows.ts';

/** A headless Node-RED of its own: with its own nodes only, or with ours as they were built. */
export type RedQuestion =
  | { readonly do: 'start'; readonly withOurs: boolean }
  | { readonly do: 'deploy'; readonly flow: readonly StoredNode[] }
  /** Opens a plain port to the embedded broker and says which. */
  | { readonly do: 'listen' };

/** The part of an embedded Node-RED 5 that is used; @types/node-red describes an older one. */
interface EmbeddedRed {
  init(settings: object): void;
  start(): Promise<void>;
  readonly events: EventEmitter;
  readonly runtime: { readonly flows: { setFlows(options: object): Promise<unknown> } };
}

const red = RED as unknown as EmbeddedRed;
const root = join(import.meta.dirname, '../../..');
let services: Services | undefined;

answerQuestions(async (question: RedQuestion): Promise<unknown> => {
  switch (question.do) {
    case 'start':
      return await start(question.withOurs);
    case 'deploy':
      return await deploy(question.flow);
    case 'listen':
      return await listen();
  }
});

async function start(withOurs: boolean): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'chartwire-bench-red-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  await writeFile(join(home, 'package.json'), '{ "private": true }\n');
  if (withOurs) services = await openBuiltServices(home);
  red.init({
    userDir: home,
    ...(withOurs && { nodesDir: [root], chartwire: services }),
    storageModule: memoryStorage(),
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: false,
    disableEditor: true,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'error', metrics: false, audit: false } },
  });
  const started = once(red.events, 'flows:started');
  await red.start();
  await started;
}

async function deploy(flow: readonly StoredNode[]): Promise<void> {
  const started = once(red.events, 'flows:started');
  await red.runtime.flows.setFlows({ flows: { flows: flow }, deploymentType: 'full', req: {} });
  await started;
}

async function listen(): Promise<number> {
  const server = createServer((socket) => services?.broker.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The nodes run from dist/: what they share with us must come from there too. */
async function openBuiltServices(home: string): Promise<Services> {
  const built = join(root, 'dist/src/app/services.js');
  if (!existsSync(built)) throw new Error(`${built} is missing: run npm run build`);
  const module = (await import(pathToFileURL(built).href)) as { openServices: typeof openServices };
  return await module.openServices({ home, role: 'palette', host: '127.0.0.1', tlsPort: 0 });
}
