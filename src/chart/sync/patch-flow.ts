import { derive, type FlowOfChartOptions, type ReadChart, readChart } from '../derive.ts';
import { type FlowNode, wiresOf } from '../flow-node.ts';
import { placesBeside } from './places-beside.ts';
import { chartNodeOf, optionsIn } from './chart-node.ts';
import { applyFlowEdits, type FlowEdit, flowEditsBetween } from './flow-edits.ts';
import { rebound } from './rebound.ts';

/** What places say is the flow's own affair, unless the chart names a place. */
const PLACES = new Set(['x', 'y', 'w', 'h']);
const NOWHERE = new Map<string, never>();

/**
 * The edits of a flow that follow from an edit of its chart's text; everything else in the flow stays as it is, ids and places
 * included. `flow` is the tab with its chart node (whose bindings count unless `options` has others). Throws CHART_INVALID.
 */
export function patchFlow(
  flow: readonly FlowNode[],
  beforeText: string,
  afterText: string,
  options: FlowOfChartOptions = {},
): FlowEdit[] {
  const types = new Set([...(options.types ?? []), ...flow.map(({ type }) => type)]);
  const own = { ...optionsIn(flow, options), types };
  const before = readChart(beforeText, own);
  const after = readChart(afterText, own);
  const bindings = rebound(before, after, own.bindings ?? []);
  const old = derive(before, NOWHERE, own).nodes;
  const made = derive(after, NOWHERE, { ...own, bindings });
  const young = made.nodes;
  const nodes = new Map(flow.map((node) => [node.id, node]));
  const edits = flowEditsBetween(old, young, PLACES).flatMap((edit): FlowEdit[] => {
    if (edit.kind === 'remove') return nodes.has(edit.id) ? [edit] : [];
    const node = nodes.get(edit.kind === 'add' ? edit.node.id : edit.id);
    if (edit.kind === 'add') return node ? [] : [edit];
    if (!node) return [];
    const was = old.find(({ id }) => id === edit.id);
    return [{ ...edit, set: merged(edit.set, was, node) }];
  });
  edits.push(...movedTo(after, before, young));
  const chartNode = chartNodeOf(flow);
  if (chartNode && beforeText !== afterText) {
    edits.push({ kind: 'change', id: chartNode.id, set: { text: afterText, bindings: made.bindings }, unset: [] });
  }
  return placesBeside(flow, edits, applyFlowEdits(flow, edits));
}

/** Lists of wires and members take over what was added and removed, not the whole list. */
function merged(
  set: Readonly<Record<string, unknown>>,
  was: FlowNode | undefined,
  is: FlowNode,
): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = { ...set };
  if (Array.isArray(set['wires']) && was) {
    const [old, own] = [wiresOf(was), wiresOf(is)];
    const young = wiresOf({ ...is, wires: set['wires'] });
    result['wires'] = young.map((targets, port) => mergedList(own[port] ?? [], old[port] ?? [], targets));
  }
  if (Array.isArray(set['nodes']) && was) {
    result['nodes'] = mergedList(textsOf(is['nodes']), textsOf(was['nodes']), textsOf(set['nodes']));
  }
  return result;
}

const textsOf = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : []);

function mergedList(own: readonly string[], old: readonly string[], young: readonly string[]): string[] {
  const kept = own.filter((id) => young.includes(id) || !old.includes(id));
  return [...kept, ...young.filter((id) => !old.includes(id) && !kept.includes(id))];
}

/** Boxes whose place the frontmatter has changed. */
function movedTo(after: ReadChart, before: ReadChart, young: readonly FlowNode[]): FlowEdit[] {
  const places = new Map(before.profile.steps.map(({ chartId, at }) => [chartId, at]));
  const ids = new Map(young.map((node) => [node['chartId'], node.id]));
  return after.profile.steps.flatMap(({ chartId, at }): FlowEdit[] => {
    const was = places.get(chartId);
    const id = ids.get(chartId);
    if (!at || id === undefined || !places.has(chartId) || (was?.[0] === at[0] && was[1] === at[1])) return [];
    return [{ kind: 'change', id, set: { x: at[0], y: at[1] }, unset: [] }];
  });
}
