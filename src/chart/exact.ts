import { isRecord } from '../is-record.ts';
import type { FlowNode } from './flow-node.ts';
import { plainValue } from './parse/data.ts';
import type { ParsedChart } from './parse/parse-chart.ts';
import type { Entry } from './profile/entry.ts';

/** The nodes of a flow that are not drawn (configurations and the like), as `$config` of the `flow:` block holds them. */
export function undrawnEntries({ frontmatter }: ParsedChart): [name: string, node: FlowNode][] {
  const block: unknown = frontmatter?.value.get('flow');
  const listed = block instanceof Map ? plainValue(block.get('$config')) : undefined;
  if (!isRecord(listed)) return [];
  return Object.entries(listed).flatMap(([name, node]): [string, FlowNode][] => {
    if (!isRecord(node) || typeof node['id'] !== 'string' || typeof node['type'] !== 'string') return [];
    return [[name, { ...node, id: node['id'], type: node['type'] }]];
  });
}

/** Nodes in the order in which the flow block names them, when it names their ids; all others as they come. */
export function inOrderOf(
  block: ReadonlyMap<string, Entry>,
  nodes: readonly FlowNode[],
  idOf: (chartId: string) => string,
  tabId: string,
): FlowNode[] {
  const order = block.get('$order')?.outs;
  if (![...block.values()].some(({ nodeId }) => nodeId !== undefined)) return [...nodes];
  const ids = order ?? [...block.keys()].map((id) => (id === '$tab' ? tabId : id === '$config' ? id : idOf(id)));
  const places = new Map(ids.map((id, place) => [id, place]));
  const others = places.get('$config') ?? Infinity;
  const placeOf = ({ id }: FlowNode): number => places.get(id) ?? others;
  return nodes.toSorted((a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b)));
}
