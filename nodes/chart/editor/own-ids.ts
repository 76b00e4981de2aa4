import { isRecord } from '../../../src/is-record.ts';
import type { FlowNode } from './answer.ts';

/** The same flow, all in its tabs with other ids, wherever they stand. What tabs share keeps its own. */
export function withOwnIds(flow: readonly FlowNode[]): FlowNode[] {
  const own = flow.filter(({ z, type }) => z !== undefined || type === 'tab');
  return withIds(flow, new Map(own.map(({ id }) => [id, RED.nodes.id()])));
}

/** The same flow with other ids, wherever they stand. */
export const withIds = (flow: readonly FlowNode[], ids: ReadonlyMap<string, string>): FlowNode[] =>
  flow.map((node) => ({ ...node, ...renamed(node, ids) }));

/** The properties in which an id stands, with the other one. */
function renamed(node: FlowNode, ids: ReadonlyMap<string, string>): Record<string, unknown> {
  const replaced = (value: unknown): unknown => {
    if (typeof value === 'string') return ids.get(value) ?? value;
    if (Array.isArray(value)) return value.map(replaced);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, replaced(inside)]));
  };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, replaced(value)]));
}
