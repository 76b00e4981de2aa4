import { type FlowOfChartOptions, readChart } from './derive.ts';
import { type ChartFlow, placedFlow } from './flow-of-chart.ts';
import type { Layout } from './layout/plan.ts';
import { planOf } from './layout/quick.ts';

export type { ChartFlow } from './flow-of-chart.ts';
export type { FlowNode } from './flow-node.ts';

export interface ToFlowOptions extends FlowOfChartOptions {
  /** By default ELK in a worker thread, which needs Node. */
  readonly layout?: Layout;
  readonly signal?: AbortSignal;
}

/** Makes a flow of a chart: each box a node, each arrow a wire, each subgraph a group. Rejects with CHART_INVALID. */
export async function chartToFlow(text: string, options: ToFlowOptions = {}): Promise<ChartFlow> {
  const read = readChart(text, options);
  const layout = options.layout ?? (await import('./layout/in-worker.ts')).layoutInWorker;
  return placedFlow(read, await layout(planOf(read.profile), options.signal), options);
}
