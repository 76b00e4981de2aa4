import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { errorLine, Fault } from '../../src/fault.ts';
import { settingsProblems, type Definition } from '../../src/spec/definition.ts';
import type { Fields, SettingsOf } from '../../src/spec/field.ts';
import { readSettings } from '../../src/spec/settings.ts';
import type { Behaviour, NodeContext, Outgoing } from './context.ts';
import type { FlowMessage } from './message.ts';
import { pressable } from './press.ts';
import { servicesOf } from './services.ts';
import { noteStart } from './started.ts';
import { StatusWriter } from './status.ts';
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
      void run(RED, this, stored, definition, start);
    }
    const secrets = Object.entries(definition.fields).filter(([, field]) => field.kind === 'secret');
    const credentials = Object.fromEntries(secrets.map(([name]) => [name, { type: 'password' as const }]));
    RED.nodes.registerType(definition.type, ChartwireNode, { credentials });
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
  const fail = (error: unknown, message?: FlowMessage): void => {
    status.show('wrong', errorLine(error));
    node.error(toldError(error), (message ?? {}) as NodeMessage);
  };
  const behaviour = Promise.resolve().then(async () => {
    const settings = readSettings(definition, { ...stored, ...node.credentials });
    const problems = settingsProblems(definition, settings);
    if (problems.length > 0) throw new Fault('SETTINGS_INVALID', { problems: problems.join('; ') });
    return start(contextOf(RED, node, stored, settings, status, life.signal, fail, await servicesOf(RED)));
  });
  noteStart(node, behaviour);

  node.on('input', (message, send, done) => {
    behaviour
      .then((started) => started?.input?.(message as FlowMessage, (outgoing) => send(outgoing as never)))
      .then(
        () => done(),
        (error: unknown) => done(toldError(error)),
      );
  });
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
  await behaviour.catch((error: unknown) => {
    if (!life.signal.aborted) fail(error);
  });
}

function contextOf<F extends Fields>(
  RED: NodeAPI,
  node: Node,
  stored: StoredNode,
  settings: SettingsOf<F>,
  status: StatusWriter,
  signal: AbortSignal,
  fail: NodeContext<F>['fail'],
  services: NodeContext<F>['services'],
): NodeContext<F> {
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
    send: (outgoing: Outgoing) => node.send(outgoing as never),
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
