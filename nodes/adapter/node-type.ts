import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { errorLine, Fault } from '../../src/fault.ts';
import { settingsProblems, type Definition } from '../../src/spec/definition.ts';
import type { Fields, SettingsOf } from '../../src/spec/field.ts';
import { readSettings } from '../../src/spec/settings.ts';
import type { Behaviour, NodeContext } from './context.ts';
import { followFlows } from './fused-path.ts';
import type { FlowMessage } from './message.ts';
import { OwnNode } from './own-node.ts';
import { pressable } from './press.ts';
import { runningNodes } from './running-nodes.ts';
import { servicesOf } from './services.ts';
import { noteStart } from './started.ts';
import { StatusWriter } from './status.ts';
import { statusLine } from './status-line.ts';
import { toldError } from './told-error.ts';

interface StoredNode extends NodeDef {
  chartId?: string;
  wires?: string[][];
}

/** Makes what Node-RED loads from a definition and a `start`: settings are read and checked, nothing thrown escapes. */
export function nodeType<F extends Fields>(
  definition: Definition<F>,
  start: (context: NodeContext<F>) => Behaviour | undefined | Promise<Behaviour | undefined>,
): (RED: NodeAPI) => void {
  return (RED) => {
    function ChartwireNode(this: Node, stored: StoredNode): void {
      RED.nodes.createNode(this, stored);
      quietMetrics(this);
      void run(RED, this, stored, definition, start);
    }
    const secrets = Object.entries(definition.fields).filter(([, field]) => field.kind === 'secret');
    const credentials = Object.fromEntries(secrets.map(([name]) => [name, { type: 'password' as const }]));
    followFlows(RED);
    // The types of Node-RED do not know that it can install modules.
    const options = { credentials, dynamicModuleList: definition.modulesIn };
    RED.nodes.registerType(definition.type, ChartwireNode, options);
  };
}

async function run<F extends Fields>(
  RED: NodeAPI,
  node: Node,
  stored: StoredNode,
  definition: Definition<F>,
  start: (context: NodeContext<F>) => Behaviour | undefined | Promise<Behaviour | undefined>,
): Promise<void> {
  const status = new StatusWriter(node);
  const life = new AbortController();
  const own = new OwnNode(RED, node);
  runningNodes(RED).add(own, life.signal);
  const fail = (error: unknown, message?: FlowMessage): void => {
    status.show('wrong', statusLine(error));
    node.error(toldError(error), (message ?? {}) as NodeMessage);
  };
  const behaviour = Promise.resolve().then(async () => {
    const settings = readSettings(definition, { ...stored, ...node.credentials });
    const problems = settingsProblems(definition, settings);
    if (problems.length > 0) throw new Fault('SETTINGS_INVALID', { problems: problems.join('; ') });
    return start(contextOf(RED, own, stored, settings, status, life.signal, fail, await servicesOf(RED)));
  });
  noteStart(node, behaviour);
  behaviour.then(
    (started) => own.started(started?.input?.bind(started) ?? passNothing),
    (error: unknown) =>
      own.started(() => {
        throw error;
      }),
  );

  node.on('input', (message, _send, done) => own.take(message, done));
  node.on('close', (_removed: boolean, done: () => void) => {
    status.close();
    life.abort(new Fault('NODE_CLOSED', { node: node.name ?? node.id }));
    behaviour
      .then((started) => started?.close?.())
      .catch((error: unknown) => node.warn(errorLine(error)))
      .finally(done);
  });
  pressable(RED, node.id, life.signal, async (body) => (await behaviour)?.press?.(body));
  // A node that cannot start says so once, on itself and to Catch; its messages then fail with the same words.
  await behaviour.catch(async (error: unknown) => {
    // Catch nodes are made after their neighbours.
    await new Promise(setImmediate);
    if (!life.signal.aborted) fail(error);
  });
}

/** A node without an input, or without anything to do, takes messages and is done. */
function passNothing(): void {}

/** Node-RED makes a record of every message sent and received, and drops it again when nobody has asked for metrics. */
function quietMetrics(node: Node): void {
  const metric: () => unknown = node.metric.bind(node);
  if (metric() === true) return;
  Object.assign(node, {
    metric: (event?: string) => (event === undefined ? metric() : undefined),
  });
}

function contextOf<F extends Fields>(
  RED: NodeAPI,
  own: OwnNode,
  stored: StoredNode,
  settings: SettingsOf<F>,
  status: StatusWriter,
  signal: AbortSignal,
  fail: NodeContext<F>['fail'],
  services: NodeContext<F>['services'],
): NodeContext<F> {
  const { node } = own;
  return {
    id: node.id,
    name: stored.name,
    chartId: stored.chartId ?? '',
    settings,
    wires: stored.wires ?? [],
    services,
    signal,
    node,
    RED,
    fail,
    send: own.send,
    sendTo: own.sendTo,
    status: (tone, text) => {
      if (!signal.aborted) status.show(tone, text);
    },
    every: (periodMs, act) => {
      const timer = setInterval(() => {
        try {
          act();
        } catch (error) {
          fail(error);
        }
      }, periodMs);
      signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    },
  };
}
