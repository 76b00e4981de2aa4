import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBroker } from '../../src/broker/open-broker.ts';
import type { Broker } from '../../src/broker/broker.ts';
import { type Fleet, type HostState, openFleet } from '../../src/fleet/controller.ts';
import type { FlowNode } from '../../src/fleet/flow-nodes.ts';
import { openSigner, type Signer } from '../../src/fleet/signer.ts';
import { type Door, identityOf } from '../../src/front-door/door.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import { openAuthority } from '../../src/security/certificates.ts';
import { tickingFlow } from './release-samples.ts';

const EDGE = fileURLToPath(new URL('./edge-process.ts', import.meta.url));
const LONGEST_WAIT_MS = 100_000;

/** A controller with a real broker and front door, in a folder of its own. */
export interface TestController extends AsyncDisposable {
  readonly fleet: Fleet;
  readonly broker: Broker;
  readonly door: Door;
  readonly signer: Signer;
  /** Resolves when the host is as wanted. */
  until(edgeId: string, wanted: (host: HostState) => boolean): Promise<HostState>;
}

/** `authenticate` lets the broker refuse its clients, as it does with credentials that were withdrawn. */
export async function openController(
  home: string,
  port = 0,
  authenticate = (): boolean => true,
): Promise<TestController> {
  await using opened = new AsyncDisposableStack();
  const authority = await openAuthority(join(home, 'certificates'));
  const broker = opened.use(await openBroker({ authenticate }));
  const server = await authority.issueServer({ names: ['127.0.0.1'] });
  const door = opened.use(await openDoor({ host: '127.0.0.1', port, ca: authority.ca, ...server }));
  door.mqtt((socket) => broker.handle(socket, identityOf(socket)));
  const signer = await openSigner(home);
  const fleet = opened.use(await openFleet({ home, broker, authority, door, signer }));
  const life = opened.move();
  return {
    fleet,
    broker,
    door,
    signer,
    until: (edgeId, wanted) => untilHost(fleet, edgeId, wanted),
    [Symbol.asyncDispose]: () => life.disposeAsync(),
  };
}

async function untilHost(fleet: Fleet, edgeId: string, wanted: (host: HostState) => boolean): Promise<HostState> {
  const found = Promise.withResolvers<HostState>();
  const look = (): void => {
    const host = fleet.hosts().find((known) => known.edgeId === edgeId);
    if (host !== undefined && wanted(host)) found.resolve(host);
  };
  const unlisten = fleet.onChange(look);
  const timer = setTimeout(() => {
    const host = fleet.hosts().find((known) => known.edgeId === edgeId);
    found.reject(new Error(`still waiting for ${wanted.toString()}: ${JSON.stringify(host)}`));
  }, LONGEST_WAIT_MS);
  try {
    look();
    return await found.promise;
  } finally {
    unlisten();
    clearTimeout(timer);
  }
}

/** An edge host process with a home that outlives it. */
export class TestEdge {
  readonly home: string;
  readonly lines: string[] = [];
  #child: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(null);

  constructor(folder: string, name: string) {
    this.home = join(folder, name);
    mkdirSync(this.home);
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  start(code?: string): void {
    const child = fork(EDGE, [this.home, ...(code === undefined ? [] : [code])], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.on('message', (line) => this.lines.push(line as string));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.lines.push(text));
    this.#ended = new Promise((resolve) => child.once('close', (status) => resolve(status)));
    this.#child = child;
  }

  /** Resolves with the exit status. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.#child?.kill(signal);
    return this.#ended;
  }

  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** What the flow of {@link markingFlow} wrote: one label a tick. */
  get marks(): string[] {
    try {
      return readFileSync(join(this.home, 'marks'), 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  }

  /** Resolves when the flow has written this label once more: proof that it runs now. */
  async marked(label: string): Promise<void> {
    const before = this.marks.length;
    const giveUpAt = Date.now() + LONGEST_WAIT_MS;
    while (!this.marks.slice(before).includes(label)) {
      if (Date.now() > giveUpAt)
        throw new Error(`no mark "${label}": ${this.marks.slice(-3).join()} ${this.lines.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The ticking flow, writing its label to `marks` in the home the runner was started in. */
export function markingFlow(label: string): FlowNode[] {
  return tickingFlow(label).flatMap((node) =>
    node.id === 'mark' ? [{ ...node, wires: [['write']] }, writer] : [node],
  );
}

const writer: FlowNode = {
  id: 'write',
  type: 'file',
  z: 'tab1',
  x: 500,
  y: 100,
  name: '',
  filename: '../../marks',
  filenameType: 'str',
  appendNewline: true,
  createDir: false,
  overwriteFile: 'false',
  encoding: 'none',
  wires: [[]],
};

export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'chartwire-fleet-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, maxRetries: 20 }) };
}
