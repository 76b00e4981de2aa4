import { fenced } from './charts-in-text.ts';
import { derive, readChart } from './derive.ts';
import { type FlowNode, sameValue } from './flow-node.ts';
import { bindingsOf, CHART_TYPE, optionsIn } from './sync/chart-node.ts';
import { applyFlowEdits, flowEditsBetween } from './sync/flow-edits.ts';
import { patchChart } from './sync/patch-chart.ts';
import { writtenChart } from './write/written-chart.ts';

/** Gives a node the settings that are not said anywhere because they are the usual ones. */
export type Complete = (node: FlowNode) => FlowNode;

/** One chart of a flow. */
export interface ChartOfFlow {
  readonly name: string;
  readonly text: string;
}

const NOWHERE = new Map<string, never>();
/** Where things stand, what boxes are called in the chart and what the help box says of them is no edit of the chart. */
const FREE = new Set(['x', 'y', 'w', 'h', 'chartId']);

/**
 * The chart of a flow: the text it was made from, with what was edited since, when its chart node keeps one; else a text that says
 * all the flow says but its secrets. Several charts are a Markdown text with a fence for each.
 */
export function chartOfFlow(flow: readonly FlowNode[], complete: Complete = (node) => node): string {
  const charts = chartsOfFlow(flow, complete);
  const [first, ...others] = charts;
  if (first === undefined || others.length === 0) return first?.text ?? writtenChart(flow);
  return charts.map(({ name, text }) => fenced(`## ${name}`, text)).join('\n');
}

function chartsOfFlow(flow: readonly FlowNode[], complete: Complete): ChartOfFlow[] {
  const charts: ChartOfFlow[] = [];
  let rest = [...flow];
  for (const chartNode of flow.filter(({ type, text }) => type === CHART_TYPE && typeof text === 'string')) {
    const bound = new Set(bindingsOf(chartNode).map(({ nodeId }) => nodeId));
    const frames = new Set([
      chartNode['z'],
      ...rest.filter(({ id, type }) => (type === 'tab' || type === 'subflow') && bound.has(id)).map(({ id }) => id),
    ]);
    const part = rest.filter(({ id, z }) => frames.has(id) || frames.has(z));
    const alone = !rest.some((node) => node.type === CHART_TYPE && node !== chartNode);
    // What no tab holds goes with the last chart.
    const own = alone && !rest.some(({ type, id }) => type === 'tab' && !frames.has(id)) ? rest : part;
    const taken = new Set(own);
    rest = rest.filter((node) => !taken.has(node));
    const { name } = chartNode;
    charts.push({ name: typeof name === 'string' ? name : 'chart', text: textNow(chartNode, own, complete) });
  }
  if (charts.length > 0 && rest.length > 0) charts.push({ name: 'flow', text: writtenChart(rest) });
  return charts;
}

/** The text of a chart node, with what was changed in the flow since. */
function textNow(chartNode: FlowNode, flow: readonly FlowNode[], complete: Complete): string {
  const text = String(chartNode['text']);
  const types = new Set(flow.map(({ type }) => type));
  const options = { ...optionsIn([chartNode, ...flow.filter((node) => node !== chartNode)], {}), types };
  const before = derive(readChart(text, options), NOWHERE, options).nodes.map(complete);
  const own = flow.filter((node) => node !== chartNode);
  if (sameValue(before.map(fixed), own.map(fixed))) return text;
  const there = new Map(before.map((node) => [node.id, node]));
  const edits = flowEditsBetween(before, flow, FREE).map((edit) => {
    if (edit.kind !== 'change') return edit;
    const was = there.get(edit.id);
    const set = Object.entries(edit.set).filter(([key, value]) => {
      // Editors write down empty settings that nobody made.
      if (key === 'info' && isOwnInfo(was?.['info'])) return !isOwnInfo(value);
      return Object.hasOwn(was ?? {}, key) || !isBlank(value);
    });
    return { ...edit, set: Object.fromEntries(set), unset: edit.unset.filter((key) => !isBlank(was?.[key])) };
  });
  const isEdited = edits.some(
    (edit) => edit.kind !== 'change' || edit.unset.length > 0 || Object.keys(edit.set).length > 0,
  );
  if (!isEdited) return text;
  return patchChart(text, options.bindings ?? [], before, applyFlowEdits(before, edits), options).text;
}

/** A node without what is no edit of the chart when it changes. */
const fixed = (node: FlowNode): object => Object.fromEntries(Object.entries(node).filter(([key]) => !FREE.has(key)));

/** The help text that a chart gives to its boxes. */
const isOwnInfo = (info: unknown): boolean =>
  typeof info === 'string' && /^(?:Box|Part) .+ of the chart\. Type /.test(info);

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === false || sameValue(value, []);
