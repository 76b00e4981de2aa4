import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import RED from 'node-red';
import type { FlowCounters as FlowCountersClass, flowCounters as Counters } from '../../nodes/host/flow-counters.ts';
import type { Live as LiveClass } from '../../nodes/monitor/live.ts';
import { answerQuestions } from '../child.ts';
import type { FlowQuestion, FlowSlice, FlowStart, LookAt } from './flow-question.ts';

/** One flow in a Node-RED of its own process, so that its CPU time can be told from the other's. */
interface EmbeddedRed {
  init(settings: object): void;
  start(): Promise<void>;
  readonly events: { once(event: string, act: () => void): void };
  readonly nodes: {
    eachNode(act: (stored: { readonly id: string }) => void): void;
    getNode(id: string): { receive(message: object): void } | null;
    createNode(node: object, stored: object): void;
    registerType(set: string, type: string, constructor: (this: SinkNode, stored: object) => void): void;
  };
  readonly runtime: { readonly flows: { setFlows(options: object): Promise<unknown> } };
}
interface SinkNode {
  on(event: string, act: (message: object, send: unknown, done: () => void) => void): void;
}
const red = RED as unknown as EmbeddedRed;

/** So many messages are on their way at once. */
const WINDOW = 64;
const NOTHING: FlowSlice = { messages: 0, ms: 0, cpuMs: 0 };
const LOOK_EVERY_MS = 1_000;
let arrived = 0;
let next = (): void => {};

answerQuestions(answer);

async function answer(question: FlowQuestion): Promise<FlowSlice> {
  if ('start' in question) return await start(question.start);
  return await run(question.runForMs, question.payload, question.entry ?? 'entry');
}

async function start({ flow, fused, look }: FlowStart): Promise<FlowSlice> {
  const home = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  process.once('exit', () => rmSync(home, { recursive: true, force: true }));
  if (!fused) process.env['CHARTWIRE_FUSE'] = 'off';
  red.init({
    userDir: home,
    nodesDir: look?.countsOnly === true ? [] : [join(import.meta.dirname, '../..')],
    credentialSecret: false,
    httpAdminRoot: false,
    httpNodeRoot: false,
    disableEditor: true,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: 'off' } },
  });
  await red.start();
  red.nodes.registerType('bench', 'bench-sink', function sink(stored) {
    red.nodes.createNode(this, stored);
    this.on('input', (_message, _send, done) => {
      arrived += 1;
      next();
      done();
    });
  });
  const lookNow = look === undefined ? undefined : await prepareLook(look);
  const started = new Promise<void>((resolve) => red.events.once('flows:started', resolve));
  await red.runtime.flows.setFlows({ flows: { flows: flow }, deploymentType: 'full', req: {} });
  await started;
  // Nodes of ours may still be opening what they need.
  await new Promise((resolve) => setTimeout(resolve, 500));
  lookNow?.();
  return NOTHING;
}

/** As an editor that shows the figures: a question each second. The nodes run from dist/, and are looked at there. */
async function prepareLook({ prefix, countsOnly, switchedOff }: LookAt): Promise<() => void> {
  const built = (file: string): Promise<unknown> => import(new URL(`../../dist/nodes/${file}`, import.meta.url).href);
  const { FlowCounters, flowCounters } = (await built('host/flow-counters.js')) as {
    FlowCounters: typeof FlowCountersClass;
    flowCounters: typeof Counters;
  };
  const { Live } = (await built('monitor/live.js')) as { Live: typeof LiveClass };
  const isLookedAt = ({ id }: { readonly id: string }): boolean => id.startsWith(prefix);
  const eachNode: typeof red.nodes.eachNode = (act) =>
    red.nodes.eachNode((stored) => {
      if (isLookedAt(stored)) act(stored);
    });
  const counters = countsOnly
    ? new FlowCounters({ events: red.events, nodes: { ...red.nodes, eachNode } } as never)
    : flowCounters(RED as never);
  const live = new Live(RED, { all: () => Array.from(counters.all()).filter(isLookedAt) }, () => undefined);
  return () => {
    if (switchedOff) return;
    live.read();
    setInterval(() => live.read(), LOOK_EVERY_MS);
  };
}

/** Keeps the window full for the given time and waits until everything has arrived. */
async function run(runForMs: number, payload: string, entryId: string): Promise<FlowSlice> {
  const entry = red.nodes.getNode(entryId);
  if (entry === null) throw new Error(`the flow has no node ${entryId}`);
  const before = arrived;
  const cpu = process.cpuUsage();
  const start = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const fill = (): void => {
      const open = performance.now() - start < runForMs;
      const free = open ? WINDOW - (sent - (arrived - before)) : 0;
      for (let more = 0; more < free; more += 1) {
        sent += 1;
        entry.receive({ _msgid: 'bench', topic: 'bench', payload });
      }
      if (arrived - before === sent) resolve();
    };
    let due = false;
    next = () => {
      if (due) return;
      due = true;
      setImmediate(() => {
        due = false;
        fill();
      });
    };
    fill();
  });
  const { user, system } = process.cpuUsage(cpu);
  return { messages: sent, ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}
