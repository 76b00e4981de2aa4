import type { Conflict } from '../../../../src/chart/index.ts';
import type { FlowNode } from '../answer.ts';

/** Who is right in one conflict: what is written, or what the flow says. */
export type Side = 'chart' | 'flow';

/**
 * The flow as if it had not been edited where what is written is to count: then nothing there is in conflict any more. A node
 * that the flow's side took away, and is to stay, is as it was.
 */
export function decided(flow: readonly FlowNode[], conflicts: readonly Conflict[], sides: readonly Side[]): FlowNode[] {
  const result = new Map(flow.map((node) => [node.id, node]));
  for (const [at, { nodeId, property, base }] of conflicts.entries()) {
    if (sides[at] !== 'chart') continue;
    const node = result.get(nodeId);
    if (property !== undefined && node !== undefined) result.set(nodeId, { ...node, [property]: base });
    // Without a property the base is the whole node.
    if (property === undefined) result.set(nodeId, base as FlowNode);
  }
  return [...result.values()];
}
