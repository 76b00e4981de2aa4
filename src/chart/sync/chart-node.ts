import type { FlowOfChartOptions } from '../derive.ts';
import type { Binding, FlowNode } from '../flow-node.ts';

export const CHART_TYPE = 'chartwire-chart';

/** The node that keeps a tab's chart, if the flow has one. */
export const chartNodeOf = (flow: readonly FlowNode[]): FlowNode | undefined =>
  flow.find(({ type }) => type === CHART_TYPE);

/** Which box is which node, as a chart node keeps it. */
export function bindingsOf(chartNode: FlowNode | undefined): Binding[] {
  const rows: unknown = chartNode?.['bindings'];
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => {
    if (typeof row !== 'object' || row === null) return [];
    const { chartId, nodeId } = row as Record<string, unknown>;
    return typeof chartId === 'string' && typeof nodeId === 'string' ? [{ chartId, nodeId }] : [];
  });
}

/** What a chart is to be read with so that its flow has the ids of the flow it stands in. */
export function optionsIn(flow: readonly FlowNode[], options: FlowOfChartOptions): FlowOfChartOptions {
  const chartNode = chartNodeOf(flow);
  const bindings = bindingsOf(chartNode);
  const tab = chartNode ? String(chartNode['z']) : flow.find(({ type }) => type === 'tab')?.id;
  // A chart whose boxes all stand in tabs of its subgraphs has none itself.
  const isOwn = tab !== undefined && !bindings.some(({ nodeId }) => nodeId === tab);
  return {
    ...(chartNode && { bindings, chartNodeId: chartNode.id }),
    ...(isOwn && { tabId: tab }),
    ...(typeof chartNode?.['name'] === 'string' && chartNode['name'] !== '' && { name: chartNode['name'] }),
    ...options,
  };
}
