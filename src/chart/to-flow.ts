import { Fault } from '../fault.ts';
import { type FlowNode, writeFlow } from './flow-writer.ts';
import { flowId } from './ids.ts';
import { boxSize, type Layout } from './layout/plan.ts';
import { parseChart } from './parse/parse-chart.ts';
import type { ChartDiagnostic } from './parse/span.ts';
import { profileOf } from './profile/profile.ts';
import type { ChartProfile } from './profile/step.ts';
import type { Carrier } from './profile/carriers.ts';
import { isSource } from './profile/types.ts';

export type { FlowNode } from './flow-writer.ts';

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
}

export interface ToFlowOptions {
  /** Label of the tab when the frontmatter has no title, and the name in faults. */
  readonly name?: string;
  /** Tells charts apart: the same id and text give the same node ids. The name unless given. */
  readonly id?: string;
  /** Node types that are installed beside Node-RED's own and ours. */
  readonly types?: ReadonlySet<string>;
  /** By default ELK in a worker thread, which needs Node. */
  readonly layout?: Layout;
  readonly signal?: AbortSignal;
}

/** Makes a flow of a chart: each box a node, each arrow a wire, each subgraph a group. Rejects with CHART_INVALID. */
export async function chartToFlow(text: string, options: ToFlowOptions = {}): Promise<ChartFlow> {
  const { name = 'chart', id = name, types, signal } = options;
  const parsed = parseChart(text);
  const error = parsed.diagnostics.find(({ severity }) => severity === 'error');
  if (error) {
    const { line, column, expected } = error;
    throw new Fault('CHART_INVALID', { file: name, line, column, expected });
  }
  const profile = profileOf(parsed, types);
  const layout = options.layout ?? (await import('./layout/in-worker.ts')).layoutInWorker;
  const places = await layout(planOf(profile), signal);
  const title = parsed.model.title?.trim();
  const label = title === undefined || title === '' ? name : title;
  const flow = writeFlow({ chart: id, label, text, profile, places });
  const explained = profile.steps.map(({ chartId, type, carrier, why }) => {
    return { chartId, nodeId: flowId(id, 'box', chartId), type, carrier, why };
  });
  return { flow, diagnostics: [...parsed.diagnostics, ...profile.diagnostics], explained };
}

function planOf({ steps, groups, parentOf }: ChartProfile): Parameters<Layout>[0] {
  const group = (id: string): { group?: string } => {
    const parent = parentOf.get(id);
    return parent === undefined ? {} : { group: parent };
  };
  const boxes = steps.map(({ chartId, name, type, outputs }) => ({
    id: chartId,
    ...boxSize(name, isSource(type) ? 0 : 1, outputs.length),
    outputs: outputs.length,
    ...group(chartId),
  }));
  const wires = steps.flatMap(({ chartId: from, outputs }) =>
    outputs.flatMap(({ targets }, output) => targets.map((to) => ({ from, output, to }))),
  );
  return { boxes, wires, groups: groups.map(({ id }) => ({ id, ...group(id) })) };
}
