import type { EditorNode } from '../../../types/node-red-editor.d.ts';
import type { FlowNode } from './answer.ts';
import { zoomToFit } from './zoom-to-fit.ts';

/** The tabs that hold a chart already; `canReplace` is false when its nodes are not in them alone, or they are locked. */
export interface Existing {
  readonly tabs: readonly string[];
  readonly canReplace: boolean;
}

/** Finds the chart in the editor: by the ids of its flow, or by its text. Undefined when it is not there. */
export function findExisting(flow: readonly FlowNode[], text: string): Existing | undefined {
  const found = flow.map(({ id }) => inEditor(id)).filter((node) => node !== undefined);
  const tabs = new Set(tabsOf(flow).filter((id) => RED.nodes.workspace(id) !== undefined));
  RED.nodes.eachConfig((node) => {
    if (node.type === 'chartwire-chart' && node['text'] === text && node.z !== undefined) tabs.add(node.z);
  });
  if (found.length === 0 && tabs.size === 0) return undefined;
  // A node may have been moved to another tab; what many charts share has no tab at all.
  const inTabs = found.every(({ id, z }) => tabs.has(id) || z === undefined || tabs.has(z));
  const locked = [...tabs].some((id) => RED.nodes.workspace(id)?.['locked'] === true);
  return { tabs: [...tabs], canReplace: tabs.size > 0 && inTabs && !locked };
}

/** True when the flow can be added as it is: no node of the editor has one of its ids, but for what charts share. */
export const isNew = (flow: readonly FlowNode[]): boolean =>
  flow.every(({ id, z, type }) => inEditor(id) === undefined || (z === undefined && type !== 'tab'));

/** Adds the flow, in one undo step; the tabs to replace go first. Shows the first new tab, zoomed to fit. */
export function importFlow(flow: readonly FlowNode[], replaced: readonly string[]): void {
  const dirty = RED.nodes.dirty();
  const order = RED.nodes.getWorkspaceOrder();
  const removed = replaced.flatMap((id) => removeTab(id, dirty));
  // What many charts share stays as it is.
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
  const tabs = tabsOf(flow);
  if (removed.length > 0) RED.workspaces.order(withTabs(order, replaced, tabs));
  RED.nodes.dirty(true);
  const [first] = tabs;
  if (first === undefined) return;
  RED.workspaces.show(first);
  zoomToFit();
}

const tabsOf = (flow: readonly FlowNode[]): string[] => flow.filter(({ type }) => type === 'tab').map(({ id }) => id);

/** The order of tabs with the new ones where the first old one was. */
function withTabs(order: readonly string[], replaced: readonly string[], tabs: readonly string[]): string[] {
  const at = order.findIndex((id) => replaced.includes(id));
  const kept = (ids: readonly string[]): string[] => ids.filter((id) => !replaced.includes(id) && !tabs.includes(id));
  return [...kept(order.slice(0, at)), ...tabs, ...kept(order.slice(at))];
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
