import type { FlowNode } from '../answer.ts';

/** One wire, by the ids of its ends. */
export interface WireEnds {
  readonly from: string;
  readonly port: number;
  readonly to: string;
}

export interface ChangedNode {
  readonly before: FlowNode;
  readonly after: FlowNode;
  /** Names of the properties that differ; never wires or places. */
  readonly properties: readonly string[];
}

/** What makes one flow of a tab another. */
export interface FlowChange {
  readonly added: readonly FlowNode[];
  readonly removed: readonly FlowNode[];
  readonly changed: readonly ChangedNode[];
  readonly moved: readonly FlowNode[];
  readonly wiresAdded: readonly WireEnds[];
  readonly wiresRemoved: readonly WireEnds[];
}

/** What is compared elsewhere, or is no property of its own: a group's size follows from its nodes. */
const APART = new Set(['id', 'wires', 'x', 'y']);
const GROUP_APART = new Set(['nodes', 'w', 'h']);

/** Compares two flows by the ids of their nodes. */
export function compareFlows(before: readonly FlowNode[], after: readonly FlowNode[]): FlowChange {
  const [old, next] = [byId(before), byId(after)];
  const changed: ChangedNode[] = [];
  const moved: FlowNode[] = [];
  for (const node of after) {
    const was = old.get(node.id);
    if (was === undefined) continue;
    const properties = differing(was, node);
    if (properties.length > 0) changed.push({ before: was, after: node, properties });
    if (node.type !== 'group' && (differs(was['x'], node['x']) || differs(was['y'], node['y']))) moved.push(node);
  }
  const [wiresBefore, wiresAfter] = [wiresOf(before), wiresOf(after)];
  return {
    added: after.filter(({ id }) => !old.has(id)),
    removed: before.filter(({ id }) => !next.has(id)),
    changed,
    moved,
    wiresAdded: [...wiresAfter].flatMap(([key, wire]) => (wiresBefore.has(key) ? [] : [wire])),
    wiresRemoved: [...wiresBefore].flatMap(([key, wire]) => (wiresAfter.has(key) ? [] : [wire])),
  };
}

export const isEmpty = (change: FlowChange): boolean =>
  Object.values(change).every((list: readonly unknown[]) => list.length === 0);

const byId = (flow: readonly FlowNode[]): Map<string, FlowNode> => new Map(flow.map((node) => [node.id, node]));

function differing(before: FlowNode, after: FlowNode): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => {
    if (APART.has(name) || (after.type === 'group' && GROUP_APART.has(name))) return false;
    return differs(before[name], after[name]);
  });
}

/** Absent and empty are the same: the editor leaves some out that are empty. */
function differs(one: unknown, other: unknown): boolean {
  if (one === other) return false;
  return (JSON.stringify(one) ?? '') !== (JSON.stringify(other) ?? '') && !(isNothing(one) && isNothing(other));
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.every(isNothing));

function wiresOf(flow: readonly FlowNode[]): Map<string, WireEnds> {
  const wires = new Map<string, WireEnds>();
  for (const { id: from, wires: outputs } of flow) {
    if (!Array.isArray(outputs)) continue;
    for (const [port, targets] of (outputs as readonly (readonly string[])[]).entries())
      for (const to of targets) wires.set([from, port, to].join(' '), { from, port, to });
  }
  return wires;
}
