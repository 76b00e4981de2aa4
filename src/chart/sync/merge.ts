import { type FlowOfChartOptions, readChart } from '../derive.ts';
import { type Binding, type FlowNode, sameValue } from '../flow-node.ts';
import { chartNodeOf, optionsIn } from './chart-node.ts';
import { applyFlowEdits, type FlowEdit, flowEditsBetween } from './flow-edits.ts';
import { patchChart } from './patch-chart.ts';
import { patchFlow } from './patch-flow.ts';
import { rebound } from './rebound.ts';
import { type TextEdit, textEditsBetween } from './text-edits.ts';

/** A chart and its flow when they last agreed; the flow with its chart node. */
export interface MergeBase {
  readonly text: string;
  readonly flow: readonly FlowNode[];
}

/** One thing that both sides changed, each in its way. A side that took the node away has no value. */
export interface Conflict {
  readonly nodeId: string;
  readonly chartId: string | undefined;
  /** What differs; absent when one side took the whole node away. */
  readonly property?: string;
  readonly base: unknown;
  readonly chart: unknown;
  readonly flow: unknown;
}

/** Both edits together: what each side has to change to agree again. */
export interface Merged {
  readonly text: string;
  readonly flow: readonly FlowNode[];
  readonly textEdits: readonly TextEdit[];
  readonly flowEdits: readonly FlowEdit[];
}

export type MergeResult = { readonly merged: Merged } | { readonly conflicts: readonly Conflict[] };

/** Lists that both sides may add to and take from. */
const LISTS = new Set(['wires', 'nodes']);
const FREE = new Set(['x', 'y', 'w', 'h', 'text', 'bindings']);

/**
 * Brings a chart edited as text and its flow edited in the editor together again. `prefer` says which side counts where both
 * changed the same; without it such places are conflicts, and nothing is merged. Throws CHART_INVALID.
 */
export function merge(
  base: MergeBase,
  chartText: string,
  flow: readonly FlowNode[],
  options: FlowOfChartOptions & { readonly prefer?: 'chart' | 'flow' } = {},
): MergeResult {
  const { prefer, ...given } = options;
  const types = new Set([...(given.types ?? []), ...[...base.flow, ...flow].map(({ type }) => type)]);
  const own = { ...optionsIn(base.flow, given), types };
  const byChart = patchFlow(base.flow, base.text, chartText, own);
  const byFlow = flowEditsBetween(base.flow, flow, FREE);
  const conflicts = conflictsBetween(base.flow, byChart, byFlow, own.bindings ?? []);
  if (conflicts.length > 0 && prefer === undefined) return { conflicts };

  const agreed = applyFlowEdits(base.flow, byChart);
  const flowSide = prefer === 'chart' ? undone(base.flow, flow, conflicts) : flow;
  const wanted = prefer === 'flow' ? withoutConflicting(byChart, conflicts) : undefined;
  const edits = wanted ?? patchFlow(flowSide, base.text, chartText, own);
  const result = applyFlowEdits(flowSide, edits);
  const bindings = rebound(readChart(base.text, own), readChart(chartText, own), own.bindings ?? []);
  const patch = patchChart(chartText, bindings, agreed, result, own);
  const merged = keepingText(result, patch.text, patch.bindings);
  return {
    merged: {
      text: patch.text,
      flow: merged,
      textEdits: textEditsBetween(chartText, patch.text),
      flowEdits: flowEditsBetween(flow, merged),
    },
  };
}

function keepingText(flow: readonly FlowNode[], text: string, bindings: readonly Binding[]): FlowNode[] {
  const chartNode = chartNodeOf(flow);
  return flow.map((node) => (node === chartNode ? { ...node, text, bindings } : node));
}

function conflictsBetween(
  base: readonly FlowNode[],
  byChart: readonly FlowEdit[],
  byFlow: readonly FlowEdit[],
  bindings: readonly Binding[],
): Conflict[] {
  const nodes = new Map(base.map((node) => [node.id, node]));
  const chartIds = new Map(bindings.map(({ chartId, nodeId }) => [nodeId, chartId]));
  const other = new Map(byFlow.map((edit) => [idOf(edit), edit]));
  return byChart.flatMap((chart): Conflict[] => {
    const flow = other.get(idOf(chart));
    const node = nodes.get(idOf(chart));
    if (!flow || !node || chart.kind === 'add' || flow.kind === 'add') return [];
    const place = { nodeId: node.id, chartId: chartIds.get(node.id) };
    if (chart.kind === 'remove' && flow.kind === 'remove') return [];
    if (chart.kind === 'remove' || flow.kind === 'remove') {
      const edited = chart.kind === 'remove' ? flow : chart;
      if (edited.kind === 'change' && [...Object.keys(edited.set), ...edited.unset].every((key) => LISTS.has(key)))
        return [];
      const after = applyFlowEdits([node], [edited])[0];
      return [
        {
          ...place,
          base: node,
          chart: chart.kind === 'remove' ? undefined : after,
          flow: flow.kind === 'remove' ? undefined : after,
        },
      ];
    }
    const keys = [...Object.keys(chart.set), ...chart.unset].filter(
      (key) => !LISTS.has(key) && !FREE.has(key) && (Object.hasOwn(flow.set, key) || flow.unset.includes(key)),
    );
    return keys
      .filter((key) => !sameValue(chart.set[key], flow.set[key]))
      .map((property) => ({
        ...place,
        property,
        base: node[property],
        chart: chart.set[property],
        flow: flow.set[property],
      }));
  });
}

const idOf = (edit: FlowEdit): string => (edit.kind === 'add' ? edit.node.id : edit.id);

/** The flow with what is in conflict as it was. */
function undone(base: readonly FlowNode[], flow: readonly FlowNode[], conflicts: readonly Conflict[]): FlowNode[] {
  const nodes = new Map(flow.map((node) => [node.id, node]));
  for (const { nodeId, property } of conflicts) {
    const was = base.find(({ id }) => id === nodeId);
    const is = nodes.get(nodeId);
    if (!was) continue;
    nodes.set(nodeId, property === undefined || !is ? was : { ...is, [property]: was[property] });
  }
  return [...nodes.values()];
}

/** The chart's edits without those that the flow overrules. */
function withoutConflicting(edits: readonly FlowEdit[], conflicts: readonly Conflict[]): FlowEdit[] {
  return edits.flatMap((edit): FlowEdit[] => {
    const own = conflicts.filter(({ nodeId }) => nodeId === idOf(edit));
    if (own.length === 0 || edit.kind === 'add') return [edit];
    if (edit.kind === 'remove' || own.some(({ property }) => property === undefined)) return [];
    const keys = new Set(own.map(({ property }) => property));
    const set = Object.fromEntries(Object.entries(edit.set).filter(([key]) => !keys.has(key)));
    return [{ ...edit, set, unset: edit.unset.filter((key) => !keys.has(key)) }];
  });
}
