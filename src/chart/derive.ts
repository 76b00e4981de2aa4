import { Fault } from '../fault.ts';
import { inOrderOf, undrawnEntries } from './exact.ts';
import type { Binding, FlowNode } from './flow-node.ts';
import { writeFlow } from './flow-writer.ts';
import { flowId } from './ids.ts';
import type { Places } from './layout/plan.ts';
import { type ParsedChart, parseChart } from './parse/parse-chart.ts';
import type { ChartDiagnostic } from './parse/span.ts';
import { profileOf } from './profile/profile.ts';
import type { ChartProfile } from './profile/step.ts';

export interface FlowOfChartOptions {
  /** Label of the tab when the frontmatter has no title, and the name in faults. */
  readonly name?: string;
  /** Tells charts apart: the same id and text give the same node ids. The name unless given. */
  readonly id?: string;
  /** Node types that are installed beside Node-RED's own and ours. */
  readonly types?: ReadonlySet<string>;
  /** Which node a box is already, so that it keeps its id. */
  readonly bindings?: readonly Binding[];
  /** The tab and the chart node that are there already. */
  readonly tabId?: string;
  readonly chartNodeId?: string;
}

/** A chart with the decisions about its boxes, before anything has a place. */
export interface ReadChart {
  readonly parsed: ParsedChart;
  readonly profile: ChartProfile;
}

/** What a chart becomes: every node but the chart node, and that one beside them. */
export interface Derived {
  readonly nodes: readonly FlowNode[];
  readonly chartNode: FlowNode;
  readonly tabId: string;
  readonly bindings: readonly Binding[];
}

/** Reads a chart and decides what its boxes are. Throws CHART_INVALID. */
export function readChart(text: string, { name = 'chart', types }: FlowOfChartOptions = {}): ReadChart {
  const parsed = parseChart(text);
  refuseErrors(parsed.diagnostics, name);
  const profile = profileOf(parsed, types, name);
  refuseErrors(profile.diagnostics, name);
  return { parsed, profile };
}

function refuseErrors(diagnostics: readonly ChartDiagnostic[], file: string): void {
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (!error) return;
  const { line, column, expected } = error;
  throw new Fault('CHART_INVALID', { file, line, column, expected });
}

/** Makes the nodes of a chart that was read, at their places. */
export function derive({ parsed, profile }: ReadChart, places: Places, options: FlowOfChartOptions): Derived {
  const { name = 'chart', id = name, bindings = [] } = options;
  const title = parsed.model.title?.trim();
  const label = title === undefined || title === '' ? name : title;
  const known = new Map(bindings.map(({ chartId, nodeId }) => [chartId, nodeId]));
  const idOf = (chartId: string): string =>
    known.get(chartId) ?? profile.block.get(chartId)?.nodeId ?? flowId(id, 'box', chartId);
  const tabId = options.tabId ?? profile.block.get('$tab')?.nodeId ?? flowId(id, 'tab');
  const { chartNodeId = flowId(id, 'chart') } = options;
  const written = writeFlow({ tabId, chartNodeId, label, text: parsed.text, profile, places, idOf });
  const nodes = [...written.nodes, ...undrawnEntries(parsed).map(([, node]) => node)];
  return { ...written, tabId, nodes: inOrderOf(profile.block, nodes, idOf, tabId) };
}
