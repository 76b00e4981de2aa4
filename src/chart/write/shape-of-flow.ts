import { type FlowNode, wiresOf } from '../flow-node.ts';
import { chartIds } from './chart-ids.ts';

/** How the nodes of a flow stand to each other. */
export interface FlowShape {
  readonly flow: readonly FlowNode[];
  /** The one tab that is the chart itself; absent when each tab is a subgraph. */
  readonly root?: string;
  /** Tabs and subflows, by id; those that the flow does not hold have no node. */
  readonly frames: ReadonlyMap<string, FlowNode | undefined>;
  readonly drawn: readonly FlowNode[];
  readonly undrawn: readonly FlowNode[];
  readonly chartIds: ReadonlyMap<string, string>;
  /** What stands directly in a frame or group, in the order of the flow. */
  readonly inside: ReadonlyMap<string, readonly FlowNode[]>;
}

const FRAME_TYPES = new Set(['tab', 'subflow']);

/** Finds what of a flow can be drawn, and where it stands. */
export function shapeOfFlow(nodes: readonly FlowNode[]): FlowShape {
  // Of nodes with one id Node-RED takes the last.
  const unique = new Map(nodes.map((node) => [node.id, node]));
  const flow = [...unique.values()];
  const frameNodes = flow.filter(({ type }) => FRAME_TYPES.has(type));
  const frames = new Map<string, FlowNode | undefined>(frameNodes.map((node) => [node.id, node]));
  const couldBe = flow.filter(isDrawn);
  // Nodes copied out of a tab name it, though it is not there.
  for (const { z } of couldBe) if (!unique.has(String(z))) frames.set(String(z), undefined);
  const drawn = couldBe.filter(({ z }) => frames.has(String(z)));
  const isIn = new Set(drawn);
  const undrawn = flow.filter((node) => !FRAME_TYPES.has(node.type) && !isIn.has(node));
  const [first] = frames.keys();
  const root = frames.size === 1 && first !== undefined && frames.get(first)?.type !== 'subflow' ? first : undefined;
  const inside = new Map<string, FlowNode[]>();
  for (const node of drawn) {
    const parent = parentOf(node, unique);
    inside.set(parent, [...(inside.get(parent) ?? []), node]);
  }
  const parts = [...frames].map(([id, node]) => node ?? { id, type: 'tab' });
  const shape = { flow, frames, drawn, undrawn, inside, chartIds: chartIds([...parts, ...drawn]) };
  return root === undefined ? shape : { ...shape, root };
}

function isDrawn({ id, type, z, x, y }: FlowNode): boolean {
  if (FRAME_TYPES.has(type) || typeof z !== 'string' || z === '' || z === id) return false;
  return type === 'group' || (typeof x === 'number' && typeof y === 'number');
}

/** The group around a node, when it stands in the same tab and not in the node itself; else the tab. */
function parentOf(node: FlowNode, nodes: ReadonlyMap<string, FlowNode>): string {
  const group = groupOf(node, nodes);
  const seen = new Set([node.id]);
  for (let at = group; at; at = groupOf(at, nodes)) {
    if (seen.has(at.id)) return String(node['z']);
    seen.add(at.id);
  }
  return group?.id ?? String(node['z']);
}

function groupOf(node: FlowNode, nodes: ReadonlyMap<string, FlowNode>): FlowNode | undefined {
  const group = typeof node['g'] === 'string' ? nodes.get(node['g']) : undefined;
  return group?.type === 'group' && group['z'] === node['z'] ? group : undefined;
}

/** The labels of a node's outputs, all different: what stands at them in the editor, else a number. */
export function outputLabels(node: FlowNode): string[] {
  const given: unknown = node['outputLabels'];
  const labels: string[] = [];
  for (const port of wiresOf(node).keys()) {
    const label: unknown = Array.isArray(given) ? given[port] : undefined;
    const own = typeof label === 'string' && label.trim() !== '' && label === label.trim().replace(/\s+/g, ' ');
    const usable = own && !labels.includes(label) && !/^out \d+$/.test(label);
    labels.push(usable ? label : `out ${port + 1}`);
  }
  return labels;
}
