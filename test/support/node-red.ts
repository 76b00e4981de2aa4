import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { EventEmitter, once } from 'node:events';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import RED from 'node-red';
import { standInForMissingTypes } from '../../nodes/host/missing-types.ts';
import type { FlowMessage } from '../../nodes/adapter/message.ts';
import type { openServices, Services } from '../../src/app/services.ts';

const root = join(import.meta.dirname, '../..');
const built = join(root, 'dist/src/app/services.js');

/** A node as a flow file holds it. Nodes of the canvas need a `z`; {@link tab} makes the one they stand on. */
export interface StoredNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

export interface NodeRedSetup {
  /** A home to start on again; without one a new, empty home is made, and removed at the end. */
  readonly home?: string;
  /** Services of somebody else; without them own ones are opened, and closed at the end. */
  readonly services?: Services;
  /** A web server for the core nodes that need one; whoever made it closes it. */
  readonly server?: Server;
  /** `recorders`: messages are noted at {@link recorder} nodes only, and nothing listens to those on the wires. */
  readonly notes?: 'everywhere' | 'recorders';
  /** What settings.ts holds besides. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A real headless Node-RED in this process, with our built nodes. There can be one at a time. */
export interface TestNodeRed extends AsyncDisposable {
  readonly services: Services;
  readonly home: string;
  /** Replaces the flow and resolves when it runs, or cannot because a type is missing. */
  deploy(nodes: readonly StoredNode[], type?: 'full' | 'nodes' | 'flows'): Promise<void>;
  /** Gives a node a message, as a wire would. */
  send(id: string, message: FlowMessage): void;
  /** What a node has received since the last full deploy. */
  received(id: string): readonly FlowMessage[];
  /** The same, as soon as there are so many. */
  receivedBy(id: string, count: number): Promise<readonly FlowMessage[]>;
  /** Resolves with a node's status when its text fits; at once when it does now. */
  statusOf(id: string, text: RegExp): Promise<ShownStatus>;
  /** Lines of the log so far. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

export interface ShownStatus {
  readonly fill?: string;
  readonly text?: string;
}

/** The part of an embedded Node-RED 5 the tests use; @types/node-red describes an older one. */
interface EmbeddedRed {
  init(settings: object): void;
  init(server: Server, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly events: EventEmitter;
  readonly hooks: { add(name: string, act: (event: never) => void): void; remove(name: string): void };
  readonly nodes: {
    getNode(id: string): { receive(message: object): void } | null;
    createNode(node: RecorderNode, stored: StoredNode): void;
    registerType(set: string, type: string, constructor: (this: RecorderNode, stored: StoredNode) => void): void;
  };
  readonly runtime: { readonly flows: { setFlows(options: object): Promise<unknown> } };
}
interface RecorderNode {
  on(event: 'input', act: (message: FlowMessage, send: unknown, done: () => void) => void): void;
}
const red = RED as unknown as EmbeddedRed;

/** Starts it with an empty flow. `npm run build` must have run. */
export async function startNodeRed({
  home,
  services,
  server,
  notes = 'everywhere',
  settings: more = {},
}: NodeRedSetup = {}): Promise<TestNodeRed> {
  if (!existsSync(built)) throw new Error(`${built} is missing: run npm run build`);
  await using opened = new AsyncDisposableStack();
  const folder = home ?? (await mkdtemp(join(tmpdir(), 'chartwire-node-red-')));
  if (home === undefined) opened.defer(() => rm(folder, { recursive: true, force: true }));
  const used = services ?? opened.use(await openBuiltServices(folder));
  const log: string[] = [];
  const received = new Map<string, FlowMessage[]>();
  const statuses = new Map<string, ShownStatus>();
  const news = new EventEmitter().setMaxListeners(0);

  const settings = { ...settingsFor(folder, used, log), ...more };
  if (server === undefined) red.init(settings);
  else red.init(server, settings);
  standInForMissingTypes(RED as never);
  const onStatus = ({ id, status }: { id: string; status: ShownStatus }): void => {
    statuses.set(id, status);
    news.emit('news');
  };
  red.events.on('node-status', onStatus);
  opened.defer(() => void red.events.off('node-status', onStatus));
  const note = (id: string, message: FlowMessage): void => {
    const messages = received.get(id) ?? [];
    messages.push(message);
    received.set(id, messages);
    news.emit('news');
  };
  if (notes === 'everywhere') {
    red.hooks.add('onReceive.test', ({ msg, destination }: { msg: FlowMessage; destination: { id: string } }) =>
      note(destination.id, msg),
    );
    opened.defer(() => red.hooks.remove('*.test'));
  }
  const start = started();
  await red.start();
  opened.defer(() => red.stop());
  red.nodes.registerType('test/recorder', 'test-recorder', function Recorder(stored) {
    red.nodes.createNode(this, stored);
    this.on('input', (message, _send, done) => {
      if (notes === 'recorders') note(stored.id, message);
      done();
    });
  });
  await start;

  const until = async <Found>(find: () => Found | undefined): Promise<Found> => {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await once(news, 'news');
    }
  };
  const forget = (): void => {
    received.clear();
    statuses.clear();
  };
  const lifetime = opened.move();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= lifetime.disposeAsync());
  return {
    services: used,
    home: folder,
    log,
    async deploy(nodes, type = 'full') {
      const start = started();
      if (type === 'full') red.events.once('flows:starting', forget);
      await red.runtime.flows.setFlows({ flows: { flows: nodes.map(placed) }, deploymentType: type, req: {} });
      await start;
    },
    send(id, message) {
      const node = red.nodes.getNode(id);
      if (node === null) throw new Error(`no node ${id} runs`);
      node.receive(message);
    },
    received: (id) => [...(received.get(id) ?? [])],
    receivedBy: (id, count) =>
      until(() => {
        const messages = received.get(id) ?? [];
        return messages.length >= count ? [...messages] : undefined;
      }),
    statusOf: (id, text) =>
      until(() => {
        const status = statuses.get(id);
        return status !== undefined && text.test(status.text ?? '') ? status : undefined;
      }),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The tab that test nodes stand on: their `z`. */
export const tab: StoredNode = { id: 'tab', type: 'tab', label: 'test' };

/** A node that takes what others send it, and does nothing with it. */
export const sink = (id: string): StoredNode => ({ id, type: 'debug', z: tab.id, active: false, wires: [] });

/** A node of somebody else's that notes what it gets, where nothing listens on the wires. */
export const recorder = (id: string): StoredNode => ({ id, type: 'test-recorder', z: tab.id, wires: [] });

/** A node that holds code, `function` or `chartwire-script`, with an output for each entry of `wires`. */
export const code = (id: string, type: string, func: string, ...wires: string[][]): StoredNode => ({
  id,
  type,
  z: tab.id,
  func,
  outputs: wires.length,
  timeout: 0,
  initialize: '',
  finalize: '',
  libs: [],
  wires,
});

/** Catches every error of the tab and gives it to the sink `caught`. */
export const catching: readonly StoredNode[] = [
  { id: 'catching', type: 'catch', z: tab.id, scope: null, uncaught: false, wires: [['caught']] },
  sink('caught'),
];

/** Node-RED takes a node without a place for a config node. */
function placed(node: StoredNode): StoredNode {
  return 'wires' in node ? { x: 0, y: 0, ...node } : node;
}

/** The text of a message that a Catch node emitted. */
export function errorText({ error }: FlowMessage): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
}

/** The nodes run from dist/: what they share with us must come from there too. */
async function openBuiltServices(home: string): Promise<Services> {
  const module: { openServices: typeof openServices } = await import(pathToFileURL(built).href);
  return module.openServices({ home, role: 'palette', host: '127.0.0.1', tlsPort: 0 });
}

function settingsFor(home: string, services: Services, log: string[]): object {
  return {
    userDir: join(home, 'node-red'),
    nodesDir: [root],
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: false,
    disableEditor: true,
    telemetry: { enabled: false, updateNotification: false },
    logging: {
      console: { level: 'off' },
      test: {
        level: 'info',
        metrics: false,
        audit: false,
        handler: () => (line: { msg: unknown }) =>
          log.push(line.msg instanceof Error ? line.msg.message : String(line.msg)),
      },
    },
    chartwire: services,
  };
}

function started(): Promise<void> {
  return new Promise((resolve) => {
    const onEvent = (event: { id: string; payload?: { type?: string } }): void => {
      if (event.id === 'runtime-state' && event.payload?.type === 'warning') done();
    };
    const done = (): void => {
      red.events.off('runtime-event', onEvent);
      red.events.off('flows:started', done);
      resolve();
    };
    red.events.on('runtime-event', onEvent);
    red.events.on('flows:started', done);
  });
}
