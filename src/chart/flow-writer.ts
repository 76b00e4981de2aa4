import type { Binding, FlowNode } from './flow-node.ts';
import type { Places } from './layout/plan.ts';
import type { Subgraph } from './parse/model.ts';
import type { Entry } from './profile/entry.ts';
import { plainText } from './profile/plain-text.ts';
import { FLEET_LINK } from './profile/relay-maker.ts';
import type { ChartProfile, Step } from './profile/step.ts';
import { subflowPorts } from './subflow-ports.ts';

interface Written {
  readonly tabId: string;
  readonly chartNodeId: string;
  readonly label: string;
  readonly text: string;
  readonly profile: ChartProfile;
  readonly places: Places;
  readonly idOf: (chartId: string) => string;
}

/** A flow as Node-RED keeps it, and which part of the chart is which node of it. */
export interface WrittenFlow {
  /** Everything but the chart node. */
  readonly nodes: readonly FlowNode[];
  readonly chartNode: FlowNode;
  readonly bindings: readonly Binding[];
}

/** The tab, its groups and its nodes, and the chart node that keeps the text. */
export function writeFlow(written: Written): WrittenFlow {
  const { chartNodeId, label, text, profile } = written;
  const writer = new FlowWriter(written);
  const frames = writer.frames();
  const groups = profile.groups.filter(({ id }) => !writer.isFrame(id)).map((group) => writer.group(group));
  const steps = profile.steps.map((step) => writer.step(step));
  const links = fleetLinks(written);
  const parts = [...profile.steps.map(({ chartId }) => chartId), ...profile.groups.map(({ id }) => id)];
  const bindings = [...parts, ...(links.length > 0 ? [FLEET_LINK] : [])].map((chartId) => ({
    chartId,
    nodeId: written.idOf(chartId),
  }));
  const z = frames[0]?.id ?? written.tabId;
  const chartNode = { id: chartNodeId, type: 'chartwire-chart', z, name: label, text, bindings };
  return { nodes: [...frames, ...groups, ...steps, ...links], chartNode, bindings };
}

/** The configuration that the ways between hosts need. */
function fleetLinks({ profile, idOf }: Written): FlowNode[] {
  if (!profile.steps.some(({ refers }) => refers?.['link'] === FLEET_LINK)) return [];
  return [{ id: idOf(FLEET_LINK), type: 'chartwire-mqtt-link', name: 'controller', url: 'fleet' }];
}

/** Marks a group for an edge host; everything in it can read it. */
const HOST_VARIABLE = 'CHARTWIRE_HOST';

class FlowWriter {
  readonly #written: Written;
  readonly #profile: ChartProfile;
  readonly #members = new Map<string, string[]>();

  constructor(written: Written) {
    this.#written = written;
    this.#profile = written.profile;
    const { groups, steps, parentOf } = this.#profile;
    for (const id of [...groups.map((group) => group.id), ...steps.map(({ chartId }) => chartId)]) {
      const parent = parentOf.get(id);
      if (parent === undefined) continue;
      const members = this.#members.get(parent) ?? [];
      this.#members.set(parent, members);
      members.push(written.idOf(id));
    }
  }

  isFrame(id: string): boolean {
    const as = this.#profile.block.get(id)?.as;
    return as === 'tab' || as === 'subflow' || as === 'none';
  }

  /** The tab of the chart, unless everything stands in tabs of its own, and the tabs and subflows that subgraphs are. */
  frames(): FlowNode[] {
    const { tabId, label, profile } = this.#written;
    const own = profile.block.get('$tab');
    const frames = profile.groups.filter(({ id }) => this.isFrame(id));
    const tops = [...profile.groups.map(({ id }) => id), ...profile.steps.map(({ chartId }) => chartId)];
    const needed =
      own !== undefined || frames.length === 0 || tops.some((id) => this.#place(id).z === tabId && !this.isFrame(id));
    const tab = needed && own?.as !== 'none' ? [framed(tabId, 'tab', 'label', label, own)] : [];
    const others = frames.flatMap(({ id, title, labelType }): FlowNode[] => {
      const entry = profile.block.get(id);
      if (entry?.as === 'none') return [];
      const kind = entry?.as === 'subflow' ? 'subflow' : 'tab';
      const called = plainText(title, labelType);
      const ports =
        kind === 'subflow' && entry?.nodeId === undefined
          ? subflowPorts(this.#profile, id, this.#written.idOf, this.#members.get(id)?.length ?? 0)
          : {};
      return [framed(this.#written.idOf(id), kind, kind === 'tab' ? 'label' : 'name', called, entry, ports)];
    });
    return [...tab, ...others];
  }

  group({ id, title, labelType }: Subgraph): FlowNode {
    const entry = this.#profile.block.get(id);
    const { x = 0, y = 0, width: w = 0, height: h = 0 } = this.#written.places.get(id) ?? {};
    const name = entry?.name === undefined ? plainText(title, labelType) : entry.name;
    const nodes = this.#members.get(id) ?? [];
    const [left, top] = entry?.at ?? [x, y];
    const place = { x: left, y: top, w, h };
    const style = entry?.nodeId === undefined && { style: { label: true } };
    const host = entry?.nodeId === undefined ? this.#profile.hosts.get(id) : undefined;
    const env = host !== undefined && { env: [{ name: HOST_VARIABLE, type: 'str', value: host }] };
    const all = { ...entry?.settings, ...style, ...env, nodes, ...place, ...entry?.settings };
    return bare({ ...all, id: this.#written.idOf(id), type: 'group', ...this.#place(id), ...named(name) }, entry);
  }

  step({ chartId, name, type, settings, outputs, why, at, entry, refers, marks, isArrow }: Step): FlowNode {
    const { x = 0, y = 0, width = 0, height = 0 } = this.#written.places.get(chartId) ?? {};
    const [centreX, centreY] = at ?? [x + width / 2, y + height / 2];
    const exact = entry?.nodeId !== undefined;
    const told = !exact && {
      info: `${isArrow ? 'Part' : 'Box'} ${chartId} of the chart. Type ${type}: ${why}.`,
      ...(!isArrow && { chartId }),
    };
    const { idOf } = this.#written;
    const referred = Object.entries(refers ?? {}).map(([key, ids]) => [
      key,
      typeof ids === 'string' ? idOf(ids) : ids.map(idOf),
    ]);
    const marking = marks && { rules: [visited(marks.map(idOf))] };
    const referring = !exact && { ...Object.fromEntries(referred), ...marking };
    const counted = !exact && {
      ...(type === 'switch' && { outputs: outputs.length }),
      ...(outputs.length > 1 && { outputLabels: outputs.map((output) => output.label) }),
    };
    const kind = type.startsWith('subflow:') ? this.#used(type.slice('subflow:'.length)) : type;
    const own = { id: this.#written.idOf(chartId), type: kind, ...this.#place(chartId), ...named(name) };
    const wires = entry?.wires ?? outputs.map(({ targets }) => targets.map(this.#written.idOf));
    const set = { ...settings, ...own, ...told, ...counted, ...referring, ...settings };
    return bare({ ...set, x: centreX, y: centreY, wires }, entry);
  }

  /** The type of what uses a subflow, which the chart may draw itself. */
  #used(subflow: string): string {
    const isDrawn = this.#profile.groups.some(({ id }) => id === subflow && this.isFrame(id));
    return `subflow:${isDrawn ? this.#written.idOf(subflow) : subflow}`;
  }

  /** The tab or subflow a part stands in, and the group. */
  #place(chartId: string): { z: string; g?: string } {
    const { parentOf } = this.#profile;
    const parent = parentOf.get(chartId);
    const g = parent === undefined || this.isFrame(parent) ? undefined : this.#written.idOf(parent);
    let frame = parent;
    while (frame !== undefined && !this.isFrame(frame)) frame = parentOf.get(frame);
    const z = frame === undefined ? this.#written.tabId : this.#written.idOf(frame);
    return g === undefined ? { z } : { z, g };
  }
}

/** The rule of a *set* that makes messages known to loop guards. */
const visited = (ids: readonly string[]): object => {
  return { t: 'set', p: 'visited', pt: 'msg', to: JSON.stringify(ids), tot: 'json' };
};

const named = (name: string | null): { name?: string } => (name === null ? {} : { name });

function framed(
  id: string,
  type: string,
  field: string,
  label: string,
  entry: Entry | undefined,
  ports: object = {},
): FlowNode {
  const usual = entry?.nodeId === undefined && type === 'tab' ? { disabled: false, info: '' } : {};
  return bare({ id, type, [field]: entry?.name ?? label, ...usual, ...ports, ...entry?.settings }, entry);
}

/** Without the properties that the chart says the node does not have. */
function bare(node: FlowNode, entry: Entry | undefined): FlowNode {
  if (!entry || entry.without.length === 0) return node;
  const { id, type, ...rest } = node;
  return { id, type, ...Object.fromEntries(Object.entries(rest).filter(([key]) => !entry.without.includes(key))) };
}
