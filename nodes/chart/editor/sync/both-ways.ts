import { type FlowOfChartOptions, readChart } from '../../../../src/chart/derive.ts';
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

/** For somebody who is to begin one. */
const NEW_CHART = 'flowchart LR\n';

/** What a flow becomes when its chart is edited. Throws CHART_INVALID. */
export function readyFor({ text: before, flow }: Agreed, text: string, bindings: readonly Binding[]): Ready {
  const options = ownOptions(flow);
  const after = applyFlowEdits(flow, patchFlow(flow, before, text, options)).filter((node) => !isChartNode(node));
  const kept = rebound(readChart(before, options), readChart(text, options), bindings);
  return { text, after, bindings: flowOfChart(text, { ...options, bindings: kept }).bindings };
}

/** What the chart of a flow is now. `before` is when both last agreed. Throws CHART_INVALID. */
export function chartNow(flow: readonly FlowNode[], before: Agreed | undefined, memory: TextMemory): Remembered {
  const chartNode = flow.find(isChartNode);
  const text = chartNode?.['text'];
  if (typeof text !== 'string') return { text: isBlank(flow) ? NEW_CHART : chartOfFlow(flow), bindings: [] };
  const bindings = bindingsOf(chartNode);
  if (before === undefined || text !== before.text || sameFlow(before.flow, flow)) return { text, bindings };
  const known = memory.recall(flow);
  if (known !== undefined) return known;
  return patchChart(before.text, bindings, drawn(before.flow), drawn(flow), ownOptions(before.flow));
}

/** A tab that has no chart yet goes on being called as it is, whatever chart is written for it. */
export function ownOptions(flow: readonly FlowNode[]): FlowOfChartOptions {
  const label = flow.find(({ type }) => type === 'tab')?.['label'];
  return { ...(typeof label === 'string' && label !== '' && { name: label }), ...optionsIn(flow, {}) };
}

export const sameFlow = (one: readonly FlowNode[], other: readonly FlowNode[]): boolean => keyOf(one) === keyOf(other);

const isBlank = (flow: readonly FlowNode[]): boolean => flow.every(({ type }) => type === 'tab');

const drawn = (nodes: readonly FlowNode[]): FlowNode[] => nodes.filter((node) => !isChartNode(node));
