import type { EditorNode } from '../../../types/node-red-editor.d.ts';
import type { FlowNode } from './answer.ts';

/** What stands in the way of importing a flow with its own ids. */
export type Existing = { readonly kind: 'none' } | { readonly kind: 'tab'; readonly canReplace: boolean };

/** Finds out whether the chart is in the editor already. */
export function findExisting(flow: readonly FlowNode[]): Existing {
  const found = flow.filter(({ id }) => inEditor(id) !== undefined);
  if (found.length === 0) return { kind: 'none' };
  const tabs = new Set(flow.filter(({ type }) => type === 'tab').map(({ id }) => id));
  const locked = found.some(({ id }) => RED.nodes.workspace(id)?.['locked'] === true);
  // A node that was moved to another tab, or a chart whose tab is gone, cannot be replaced as one thing.
  const allThere = found.every(
    ({ id }) => tabs.has(id) || tabs.has(inEditor(id)?.z ?? '') || inEditor(id)?.z === undefined,
  );
  return {
    kind: 'tab',
    canReplace: allThere && !locked && [...tabs].some((id) => RED.nodes.workspace(id) !== undefined),
  };
}

/** Adds the flow as it is, in one undo step; tabs of the same ids go first. Shows the first new tab, zoomed to fit. */
export function importFlow(flow: readonly FlowNode[]): void {
  const dirty = RED.nodes.dirty();
  const order = RED.nodes.getWorkspaceOrder();
  const tabs = flow.filter(({ type }) => type === 'tab').map(({ id }) => id);
  const removed = tabs.flatMap((id) => removeTab(id, dirty));
  // What many charts share (a config node without a tab) stays as it is.
  const missing = flow.filter(({ id }) => inEditor(id) === undefined);
  const added = RED.nodes.import(structuredClone(missing), { generateIds: false, addFlow: false, markChanged: true });
  const add = {
    t: 'add',
    nodes: added.nodes.map(({ id }) => id),
    links: added.links,
    groups: added.groups,
    junctions: added.junctions,
    workspaces: added.workspaces,
    subflows: added.subflows,
    dirty,
  };
  RED.history.push(removed.length === 0 ? add : { t: 'multi', events: [...removed, add], dirty });
  if (removed.length > 0) RED.workspaces.order([...order, ...tabs.filter((id) => !order.includes(id))]);
  RED.nodes.dirty(true);
  const [first] = tabs;
  if (first !== undefined) show(first);
}

const inEditor = (id: string): EditorNode | undefined =>
  RED.nodes.node(id) ?? RED.nodes.workspace(id) ?? RED.nodes.group(id) ?? RED.nodes.junction(id) ?? undefined;

function removeTab(id: string, dirty: boolean): object[] {
  const tab = RED.nodes.workspace(id);
  if (tab === undefined) return [];
  tab['_index'] = RED.nodes.getWorkspaceOrder().indexOf(id);
  RED.workspaces.remove(tab);
  return [{ ...RED.nodes.removeWorkspace(id), t: 'delete', workspaces: [tab], dirty }];
}

function show(tab: string): void {
  RED.workspaces.show(tab);
  RED.view.redraw(true);
  // The view measures new nodes while it draws them; only then can it fit them.
  requestAnimationFrame(() => requestAnimationFrame(() => RED.actions.invoke('core:zoom-fit')));
}
