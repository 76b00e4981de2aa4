import { flowId } from './ids.ts';
import type { Places } from './layout/plan.ts';
import type { Subgraph } from './parse/model.ts';
import { plainText } from './profile/plain-text.ts';
import type { ChartProfile, Step } from './profile/step.ts';

/** One entry of a Node-RED flow file. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

interface Written {
  /** What node ids are made from, beside the chart's own ids. */
  readonly chart: string;
  readonly label: string;
  readonly text: string;
  readonly profile: ChartProfile;
  readonly places: Places;
}

/** The tab, its chart node, its groups and its nodes, as Node-RED keeps them. */
export function writeFlow({ chart, label, text, profile, places }: Written): FlowNode[] {
  const z = flowId(chart, 'tab');
  const idOf = (chartId: string): string => flowId(chart, 'box', chartId);
  const ids = [...profile.groups.map(({ id }) => id), ...profile.steps.map(({ chartId }) => chartId)];
  const members = new Map<string, string[]>(profile.groups.map(({ id }) => [id, []]));
  for (const id of ids) members.get(profile.parentOf.get(id) ?? '')?.push(idOf(id));
  const within = (chartId: string): { z: string; g?: string } => {
    const parent = profile.parentOf.get(chartId);
    return parent === undefined ? { z } : { z, g: idOf(parent) };
  };
  const groupOf = ({ id, title, labelType }: Subgraph): FlowNode => {
    const { x = 0, y = 0, width: w = 0, height: h = 0 } = places.get(id) ?? {};
    const name = plainText(title, labelType);
    const nodes = members.get(id) ?? [];
    return { id: idOf(id), type: 'group', ...within(id), name, style: { label: true }, nodes, x, y, w, h };
  };
  const nodeOf = ({ chartId, name, type, settings, outputs, why, at }: Step): FlowNode => {
    const { x = 0, y = 0, width = 0, height = 0 } = places.get(chartId) ?? {};
    const [centreX, centreY] = at ?? [x + width / 2, y + height / 2];
    return {
      ...settings,
      id: idOf(chartId),
      type,
      ...within(chartId),
      name,
      info: `Box ${chartId} of the chart. Type ${type}: ${why}.`,
      chartId,
      ...(type === 'switch' && { outputs: outputs.length }),
      ...(outputs.length > 1 && { outputLabels: outputs.map((output) => output.label) }),
      x: centreX,
      y: centreY,
      wires: outputs.map(({ targets }) => targets.map(idOf)),
    };
  };
  const bindings = profile.steps.map(({ chartId }) => ({ chartId, nodeId: idOf(chartId) }));
  return [
    { id: z, type: 'tab', label, disabled: false, info: '' },
    { id: flowId(chart, 'chart'), type: 'chartwire-chart', z, name: label, text, bindings },
    ...profile.groups.map(groupOf),
    ...profile.steps.map(nodeOf),
  ];
}
