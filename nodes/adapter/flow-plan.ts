import type { NodeAPI } from 'node-red';
import type { FlowPlan, PathNode } from '../../src/path/fuse.ts';
import type { Watcher } from '../../src/path/watchers.ts';
import type { RunningNodes } from './running-nodes.ts';

/** A node as the flow file holds it. */
interface StoredNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly label?: string;
  readonly z?: string;
  readonly g?: string;
  /** It does not run. */
  readonly d?: boolean;
  /** The same, of a tab. */
  readonly disabled?: boolean;
  readonly wires?: readonly (readonly string[])[];
  readonly scope?: readonly string[] | 'group' | null;
}

/** The hooks a message passes on its way from node to node. */
export const MESSAGE_HOOKS: readonly string[] = [
  'onSend',
  'preRoute',
  'preDeliver',
  'postDeliver',
  'onReceive',
  'postReceive',
  'onComplete',
];

/** The flow that runs now, as far as direct calls are concerned. */
export function flowPlan(RED: NodeAPI, running: RunningNodes): FlowPlan {
  const stored: StoredNode[] = [];
  RED.nodes.eachNode((node) => stored.push(node));
  const off = offFor(RED);
  const idle = new Set(stored.filter((node) => node.d === true || node.disabled === true).map(({ id }) => id));
  const subflows = new Set(stored.filter(({ type }) => type === 'subflow').map(({ id }) => id));
  const runs = ({ id, z }: StoredNode): boolean => !idle.has(id) && !idle.has(z ?? '');
  return {
    nodes: stored.flatMap((node) => pathNode(node, running, runs(node), subflows.has(node.z ?? ''))),
    watchers: stored.flatMap((node) => (runs(node) ? watcherOf(node) : [])),
    parentOf: new Map(stored.flatMap(({ id, type, g }) => (type === 'group' ? [[id, g] as const] : []))),
    ...(off !== undefined && { off }),
  };
}

/** Why messages to this node have turns of their own. */
export const laterText = (name: string): string => `${name} is done with a message only later`;

function pathNode(node: StoredNode, running: RunningNodes, runs: boolean, inSubflow: boolean): PathNode[] {
  const { id, type, z = '', g } = node;
  const own = running.get(id);
  const wires = own?.node.wires ?? node.wires;
  if (wires === undefined) return [];
  const name = node.name || node.label || type;
  const all = { id, name, flow: z, group: g, wires, own: type.startsWith('chartwire-') };
  if (!runs) return [{ ...all, barred: { both: `${name} is disabled` } }];
  if (inSubflow) return [{ ...all, barred: { both: `${name} stands in a subflow` } }];
  if (all.own && own === undefined) return [{ ...all, barred: { both: `${name} does not run` } }];
  return [own?.answersLater === true ? { ...all, barred: { in: laterText(name) } } : all];
}

function watcherOf({ id, type, z = '', g, scope }: StoredNode): Watcher[] {
  if (type !== 'catch' && type !== 'status' && type !== 'complete') return [];
  const all = type === 'complete' ? [] : 'all';
  return [{ kind: type, id, flow: z, group: g, scope: scope ?? all }];
}

function offFor({ settings, hooks, log }: NodeAPI): string | undefined {
  if (process.env['CHARTWIRE_FUSE'] === 'off') return 'direct calls are switched off by CHARTWIRE_FUSE';
  if (Reflect.get(settings, 'chartwireFuse') === false) return 'direct calls are switched off in the settings';
  if (log.metric()) return 'the log takes metrics of every message';
  const hook = MESSAGE_HOOKS.find((name) => hooks.has(name));
  return hook && `something in this Node-RED looks at every message (hook ${hook})`;
}
