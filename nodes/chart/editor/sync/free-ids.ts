import type { FlowNode } from '../answer.ts';
import { withIds } from '../own-ids.ts';
import type { Ready } from './sync-state.ts';

/**
 * What a chart adds to a tab, with ids that nothing else in the editor has: two tabs may have a box A, and a chart that was written
 * from a flow says the ids of that flow. A configuration that is there already is shared. `flow` is the tab as it is.
 */
export function withFreeIds(ready: Ready, flow: readonly FlowNode[]): Ready {
  const here = new Set(flow.map(({ id }) => id));
  const taken = ready.after.filter(({ id }) => !here.has(id) && isTaken(id));
  if (taken.length === 0) return ready;
  const bound = new Set(ready.bindings.map(({ nodeId }) => nodeId));
  const shared = new Set(taken.filter(({ id }) => !bound.has(id)));
  const ids = new Map(taken.filter(({ id }) => bound.has(id)).map(({ id }) => [id, RED.nodes.id()]));
  return {
    ...ready,
    after: withIds(
      ready.after.filter((node) => !shared.has(node)),
      ids,
    ),
    bindings: ready.bindings.map(({ chartId, nodeId }) => ({ chartId, nodeId: ids.get(nodeId) ?? nodeId })),
  };
}

const isTaken = (id: string): boolean =>
  [
    RED.nodes.node(id),
    RED.nodes.junction(id),
    RED.nodes.group(id),
    RED.nodes.workspace(id),
    RED.nodes.subflow(id),
  ].some(Boolean);
