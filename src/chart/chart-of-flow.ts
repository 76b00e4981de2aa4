import type { FlowNode } from './flow-node.ts';
import { chartNodeOf } from './sync/chart-node.ts';
import { writtenChart } from './write/written-chart.ts';

/** The chart of a flow: the text it was made from when its chart node keeps one, else a text that says all the flow says. */
export function chartOfFlow(flow: readonly FlowNode[]): string {
  const text = chartNodeOf(flow)?.['text'];
  return typeof text === 'string' ? text : writtenChart(flow);
}
