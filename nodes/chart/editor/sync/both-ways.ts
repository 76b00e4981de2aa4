import { readChart } from '../../../../src/chart/derive.ts';
import {
  applyFlowEdits,
  type Binding,
  bindingsOf,
  chartOfFlow,
  flowOfChart,
  patchChart,
  patchFlow,
} from '../../../../src/chart/index.ts';
import { optionsIn } from '../../../../src/chart/sync/chart-node.ts';
import { rebound } from '../../../../src/chart/sync/rebound.ts';
import type { FlowNode } from '../answer.ts';
import { isChartNode } from './flow-of-tab.ts';
import type { Agreed, Ready } from './sync-state.ts';
import { keyOf, type Remembered, type TextMemory } from './text-memory.ts';

/** What a flow becomes when its chart is edited. Throws CHART_INVALID. */
export function readyFor({ text: before, flow }: Agreed, text: string, bindings: readonly Binding[]): Ready {
  const options = optionsIn(flow, {});
  const after = applyFlowEdits(flow, patchFlow(flow, before, text)).filter((node) => !isChartNode(node));
  const kept = rebound(readChart(before, options), readChart(text, options), bindings);
  return { text, after, bindings: flowOfChart(text, { ...options, bindings: kept }).bindings };
}

/** What the chart of a flow is now. `before` is when both last agreed. Throws CHART_INVALID. */
export function chartNow(flow: readonly FlowNode[], before: Agreed | undefined, memory: TextMemory): Remembered {
  const chartNode = flow.find(isChartNode);
  const text = chartNode?.['text'];
  if (typeof text !== 'string') return { text: chartOfFlow(flow), bindings: [] };
  const bindings = bindingsOf(chartNode);
  if (before === undefined || text !== before.text || sameFlow(before.flow, flow)) return { text, bindings };
  const known = memory.recall(flow);
  if (known !== undefined) return known;
  return patchChart(before.text, bindings, drawn(before.flow), drawn(flow), optionsIn(before.flow, {}));
}

export const sameFlow = (one: readonly FlowNode[], other: readonly FlowNode[]): boolean => keyOf(one) === keyOf(other);

const drawn = (nodes: readonly FlowNode[]): FlowNode[] => nodes.filter((node) => !isChartNode(node));
