import type { NodeAPI } from 'node-red';
import { wireLists } from '../../src/chart/flow-node.ts';
import type { FlowPlan, PathNode } from '../../src/path/fuse.ts';
import type { OwnNode, RuntimeNode } from './own-node.ts';
import { isRelay } from './relay.ts';
import type { RunningNodes } from './running-nodes.ts';

/** A node as the flow file holds it. */
interface StoredNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly label?: string;
  readonly z?: string;
  /** It does not run. */
  readonly d?: boolean;
  /** The same, of a tab. */
  readonly disabled?: boolean;
  readonly wires?: readonly (readonly string[])[];
  readonly scope?: readonly string[] | 'group' | null;
  /** Of a link out node. */
  readonly mode?: string;
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

/** The flow that runs now, as far as direct calls are concerned, and whose messages Complete nodes are told of. */
export interface RunningPlan extends FlowPlan {
  readonly completed: ReadonlySet<string>;
  /** Nodes that pass messages on as they are. */
  readonly relays: readonly RuntimeNode[];
}

/** `touchers` are nodes that go on with messages they have sent. */
export function runningPlan(RED: NodeAPI, running: RunningNodes, touchers: WeakSet<OwnNode>): RunningPlan {
  const stored: StoredNode[] = [];
  RED.nodes.eachNode((node) => stored.push(node));
  const idle = new Set(stored.filter((node) => node.d === true || node.disabled === true).map(({ id }) => id));
  const subflows = new Set(stored.filter(({ type }) => type === 'subflow').map(({ id }) => id));
  const runs = ({ id, z }: StoredNode): boolean => !idle.has(id) && !idle.has(z ?? '');
  const completed = new Set(stored.filter((node) => node.type === 'complete' && runs(node)).flatMap(scopeOf));
  const owns = [...running.all()];
  const byId = new Map(owns.map((own) => [own.node.id, own]));
  const off = offFor(RED);
  const relays = stored.flatMap((node) => relayOf(RED, node, completed));
  const relayById = new Map(relays.map((relay) => [relay.id, relay]));
  // Nodes of a subflow run once for each of its instances, under ids that stand in no flow file.
  const nodes = stored
    .filter(({ z }) => !subflows.has(z ?? ''))
    .flatMap((node) => storedNode(node, byId.get(node.id), relayById.get(node.id), runs(node)));
  const inside = owns.filter(({ node }) => node._alias !== undefined).map((own) => runningNode(own));
  const all = [...nodes, ...inside].map((node) => barred(node, byId.get(node.id), completed, touchers));
  return { nodes: all, completed, relays, ...(off !== undefined && { off }) };
}

/** Why messages to this node have turns of their own. */
export const laterText = (name: string): string => `${name} is done with a message only later`;

/** Why messages from this node have turns of their own. */
export const touchesText = (name: string): string => `${name} goes on with messages it has sent`;

function relayOf(RED: NodeAPI, { id, type, mode }: StoredNode, completed: ReadonlySet<string>): RuntimeNode[] {
  if (!isRelay(type, mode) || completed.has(id)) return [];
  // One that is disabled, or stands in a subflow, runs under no such id.
  const node = RED.nodes.getNode(id) as RuntimeNode | null | undefined;
  return node === null || node === undefined ? [] : [node];
}

function storedNode(
  node: StoredNode,
  own: OwnNode | undefined,
  relay: RuntimeNode | undefined,
  runs: boolean,
): PathNode[] {
  if (runs && own !== undefined) return [runningNode(own)];
  const { id, type, wires } = node;
  const name = node.name || node.label || type;
  if (runs && relay !== undefined) return [{ id, name, wires: wireLists(relay.wires), kind: 'relay' }];
  if (wires === undefined) return [];
  const known = { id, name, wires: wireLists(wires) };
  const isOurs = type.startsWith('chartwire-');
  const why = runs ? (isOurs ? `${name} does not run` : undefined) : `${name} is disabled`;
  return [{ ...known, kind: isOurs ? 'own' : 'foreign', ...(why !== undefined && { barred: { both: why } }) }];
}

const runningNode = ({ node }: OwnNode): PathNode => ({
  id: node.id,
  name: node.name || node.type,
  wires: wireLists(node.wires),
  kind: 'own',
});

function barred(
  node: PathNode,
  own: OwnNode | undefined,
  completed: ReadonlySet<string>,
  touchers: WeakSet<OwnNode>,
): PathNode {
  if (own === undefined || node.barred !== undefined) return node;
  // A Complete node gets the message as it left, before anybody else has touched it.
  const out = isCompleted(own, completed)
    ? `a Complete node listens to ${node.name}`
    : touchers.has(own)
      ? touchesText(node.name)
      : undefined;
  const later = own.answersLater ? laterText(node.name) : undefined;
  return { ...node, barred: { ...(out !== undefined && { out }), ...(later !== undefined && { in: later }) } };
}

/** Whether a Complete node is told of this node's messages; it names nodes of a subflow as the subflow does. */
export function isCompleted({ node }: OwnNode, completed: ReadonlySet<string>): boolean {
  return completed.has(node.id) || completed.has(node._alias ?? '');
}

function scopeOf({ scope }: StoredNode): readonly string[] {
  return Array.isArray(scope) ? (scope as string[]) : [];
}

function offFor({ settings, hooks, log }: NodeAPI): string | undefined {
  if (process.env['CHARTWIRE_FUSE'] === 'off') return 'direct calls are switched off by CHARTWIRE_FUSE';
  if (Reflect.get(settings, 'chartwireFuse') === false) return 'direct calls are switched off in the settings';
  if (log.metric()) return 'the log takes metrics of every message';
  const hook = MESSAGE_HOOKS.find((name) => hooks.has(name));
  return hook && `something in this Node-RED looks at every message (hook ${hook})`;
}
