import { Fault } from '../fault.ts';
import { flowId } from './ids.ts';
import { boxSize, type Layout, type Places } from './layout/plan.ts';
import { parseChart } from './parse/parse-chart.ts';
import type { ChartDiagnostic } from './parse/span.ts';
import { plainText } from './profile/plain-text.ts';
import { type ChartProfile, profileOf, type Step } from './profile/profile.ts';
import type { Carrier } from './profile/carriers.ts';
import { isSource } from './profile/types.ts';

/** One entry of a Node-RED flow file. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

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
  const flow = new FlowWriter(id, profile, places).write(label, text);
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

class FlowWriter {
  readonly #chart: string;
  readonly #tab: string;
  readonly #profile: ChartProfile;
  readonly #places: Places;

  constructor(chart: string, profile: ChartProfile, places: Places) {
    this.#chart = chart;
    this.#tab = flowId(chart, 'tab');
    this.#profile = profile;
    this.#places = places;
  }

  write(label: string, text: string): FlowNode[] {
    const z = this.#tab;
    const { steps, groups } = this.#profile;
    const bindings = steps.map(({ chartId }) => ({ chartId, nodeId: this.#id(chartId) }));
    return [
      { id: z, type: 'tab', label, disabled: false, info: '' },
      { id: flowId(this.#chart, 'chart'), type: 'chartwire-chart', z, name: label, text, bindings },
      ...groups.map(({ id, title, labelType }) => this.#group(id, plainText(title, labelType))),
      ...steps.map((step) => this.#node(step)),
    ];
  }

  #id(chartId: string): string {
    return flowId(this.#chart, 'box', chartId);
  }

  #parent(chartId: string): { g?: string } {
    const parent = this.#profile.parentOf.get(chartId);
    return parent === undefined ? {} : { g: this.#id(parent) };
  }

  #group(chartId: string, name: string): FlowNode {
    const { x = 0, y = 0, width: w = 0, height: h = 0 } = this.#places.get(chartId) ?? {};
    const members = [...this.#profile.parentOf].filter(([, parent]) => parent === chartId).map(([id]) => id);
    const present = new Set([
      ...this.#profile.steps.map((step) => step.chartId),
      ...this.#profile.groups.map(({ id }) => id),
    ]);
    const nodes = members.filter((id) => present.has(id)).map((id) => this.#id(id));
    const style = { label: true };
    return {
      id: this.#id(chartId),
      type: 'group',
      z: this.#tab,
      name,
      style,
      nodes,
      x,
      y,
      w,
      h,
      ...this.#parent(chartId),
    };
  }

  #node({ chartId, name, type, settings, outputs, why, at }: Step): FlowNode {
    const { x = 0, y = 0, width = 0, height = 0 } = this.#places.get(chartId) ?? {};
    const [centreX, centreY] = at ?? [x + width / 2, y + height / 2];
    return {
      ...settings,
      id: this.#id(chartId),
      type,
      z: this.#tab,
      ...this.#parent(chartId),
      name,
      info: `Box ${chartId} of the chart. It is a ${type} because ${why}.`,
      chartId,
      ...(type === 'switch' && { outputs: outputs.length }),
      ...(outputs.length > 1 && { outputLabels: outputs.map(({ label }) => label) }),
      x: centreX,
      y: centreY,
      wires: outputs.map(({ targets }) => targets.map((target) => this.#id(target))),
    };
  }
}
