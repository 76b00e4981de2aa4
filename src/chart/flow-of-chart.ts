import { derive, type FlowOfChartOptions, type ReadChart, readChart } from './derive.ts';
import type { Binding, FlowNode } from './flow-node.ts';
import type { Places } from './layout/plan.ts';
import { planOf, quickPlaces } from './layout/quick.ts';
import type { ChartDiagnostic } from './parse/span.ts';
import type { Carrier } from './profile/carriers.ts';
import { CHART_TYPE } from './sync/chart-node.ts';
import { writtenChart } from './write/written-chart.ts';

/** Why a box became the node it is. */
export interface Explanation {
  readonly chartId: string;
  readonly nodeId: string;
  readonly type: string;
  readonly carrier: Carrier;
  readonly why: string;
}

export interface ChartFlow {
  /** A tab, its chart, its groups and its nodes. */
  readonly flow: readonly FlowNode[];
  /** Warnings only: a chart with an error makes no flow. */
  readonly diagnostics: readonly ChartDiagnostic[];
  readonly explained: readonly Explanation[];
  /** Which box and which subgraph is which node. */
  readonly bindings: readonly Binding[];
}

/** Puts a chart and the places of its boxes together as a flow. */
export function placedFlow(read: ReadChart, places: Places, options: FlowOfChartOptions): ChartFlow {
  const { parsed, profile } = read;
  const { nodes, chartNode, bindings } = derive(read, places, options);
  // A chart that was written from a flow says no more than the flow does: it need not be kept.
  const isTabless = profile.block.get('$tab')?.as === 'none';
  const isWritten = isTabless || [...profile.block.values()].some(({ nodeId }) => nodeId !== undefined);
  const holdsItsOwn = nodes.some(({ type }) => type === CHART_TYPE);
  const kept = !isWritten || (!holdsItsOwn && writtenChart(nodes) !== parsed.text);
  const nodeOf = new Map(bindings.map(({ chartId, nodeId }) => [chartId, nodeId]));
  const explained = profile.steps.map(({ chartId, type, carrier, why }) => {
    return { chartId, nodeId: nodeOf.get(chartId) ?? '', type, carrier, why };
  });
  return {
    flow: kept ? withChartNode(nodes, chartNode) : nodes,
    bindings,
    diagnostics: [...parsed.diagnostics, ...profile.diagnostics],
    explained,
  };
}

/** The chart node stands behind the tab. */
function withChartNode(nodes: readonly FlowNode[], chartNode: FlowNode): FlowNode[] {
  const behind = nodes.findLastIndex(({ type }) => type === 'tab' || type === 'subflow') + 1;
  return [...nodes.slice(0, behind), chartNode, ...nodes.slice(behind)];
}

/** The flow of a chart at once, with places good enough to start from; `chartToFlow` lays out with ELK. Throws CHART_INVALID. */
export function flowOfChart(text: string, options: FlowOfChartOptions = {}): ChartFlow {
  const read = readChart(text, options);
  return placedFlow(read, quickPlaces(planOf(read.profile)), options);
}
