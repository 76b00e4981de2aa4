import { derive, type FlowOfChartOptions, type ReadChart, readChart } from '../derive.ts';
import { undrawnEntries } from '../exact.ts';
import { type Binding, type FlowNode, sameValue } from '../flow-node.ts';
import { chartIds } from '../write/chart-ids.ts';
import { deltaOf, type Names, parentIn } from './delta.ts';
import { CHART_TYPE } from './chart-node.ts';
import { type EntryChange, withFrontmatter } from './frontmatter.ts';
import { insertedIntoText } from './insert-into-text.ts';
import { pinsFor, settingPins } from './pin.ts';
import { removedFromText } from './remove-from-text.ts';
import { renamedInText, withSubgraphIds } from './rename-in-text.ts';

const NOWHERE = new Map<string, never>();
/** Taking one arrow away may change where the arrows of a group lead, and what is said may say more; that settles after a few rounds. */
const MOST_ROUNDS = 8;

/** A chart's text and which of its parts is which node. */
export interface Shaped {
  readonly text: string;
  readonly bindings: readonly Binding[];
}

/** Changes a chart's text, as little as may be, so that its flow is the one that is wanted. Throws CHART_INVALID. */
export function reshaped(before: string, wanted: readonly FlowNode[], options: FlowOfChartOptions): Shaped {
  let text = before;
  let read = readChart(text, options);
  const first = derive(read, NOWHERE, options);
  const original = new Map(first.nodes.map((node) => [node.id, node]));
  const labels = new Map(
    read.profile.steps.map(({ chartId, outputs }) => [chartId, outputs.map(({ label }) => label)]),
  );
  const { tabId } = first;
  const drawn = wanted.filter((node) => isDrawn(node, tabId));
  const names = namesFor(read, first.bindings, drawn);
  const bindings = wanted.flatMap(({ id }) => {
    const chartId = names.chartId.get(id);
    return chartId === undefined ? [] : [{ chartId, nodeId: id }];
  });
  const all = {
    ...options,
    bindings: [...first.bindings.filter(({ nodeId }) => !names.chartId.has(nodeId)), ...bindings],
  };
  const wantedParent = new Map(drawn.map((node) => [names.chartId.get(node.id) ?? '', parentIn(node, names)]));
  // What stands for an arrow has no label of its own.
  const unnameable = new Set(read.profile.steps.filter(({ isArrow }) => isArrow).map(({ chartId }) => chartId));
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const start = text;
    let derived = derive(read, NOWHERE, all);
    const pins = pinsFor(read, derived, drawn, original, labels, names);
    if (pins.size > 0) {
      text = withFrontmatter(read.parsed, pins);
      read = readChart(text, options);
      derived = derive(read, NOWHERE, all);
    }
    let delta = deltaOf(read, drawn, names);
    if (delta.newGroups.length + delta.goneGroups.size > 0) {
      read = readChart(withSubgraphIds(read.parsed), options);
      delta = deltaOf(read, drawn, names);
    }
    const implied = withoutImplied(read, delta.goneBoxes);
    if (implied.size > 0) {
      text = withFrontmatter(read.parsed, implied);
      read = readChart(text, options);
      delta = deltaOf(read, drawn, names);
    }
    if (!delta.isEmpty) {
      const removed = removedFromText(read, delta);
      text = insertedIntoText(removed, delta, names, (id) => wantedParent.get(id));
      read = readChart(text, options);
      derived = derive(read, NOWHERE, all);
    }
    ({ text, read } = renamed(read, derived, drawn, names, unnameable, options));
    if (text === start) break;
  }
  return { text: withTabAndConfig(read, wanted, first.nodes, tabId), bindings };
}

/** What the flow block must say so that nodes are gone which no arrow stands for. */
function withoutImplied({ profile }: ReadChart, gone: ReadonlySet<string>): Map<string, EntryChange> {
  const changes = new Map<string, EntryChange>();
  for (const { chartId, linkOf, isImplied } of profile.steps) {
    if (!gone.has(chartId)) continue;
    if (linkOf !== undefined) changes.set(linkOf, { link: undefined });
    else if (isImplied) changes.set(chartId, { as: 'none' });
  }
  return changes;
}

function isDrawn({ id, type, z, x }: FlowNode, tabId: string): boolean {
  if (type === 'tab' || type === 'subflow') return id !== tabId;
  return type !== CHART_TYPE && typeof z === 'string' && (type === 'group' || typeof x === 'number');
}

/** What the frontmatter must say of the tab itself and of nodes that no chart draws. */
function withTabAndConfig(
  read: ReadChart,
  wanted: readonly FlowNode[],
  derived: readonly FlowNode[],
  tabId: string,
): string {
  const pins = new Map<string, EntryChange>();
  const [tab, was] = [wanted, derived].map((nodes) => nodes.find(({ id }) => id === tabId));
  const pinned = tab && was ? settingPins(was, tab, was) : {};
  if (Object.keys(pinned).length > 0) pins.set('$tab', pinned);
  const title =
    tab && was && tab['label'] !== was['label'] && typeof tab['label'] === 'string' ? tab['label'] : undefined;
  const isConfig = (node: FlowNode): boolean => !isDrawn(node, tabId) && node.type !== CHART_TYPE && node.id !== tabId;
  const made = new Map(derived.map((node) => [node.id, node]));
  const config = configChange(read, wanted.filter(isConfig), made);
  if (Object.keys(config).length > 0) pins.set('$config', config);
  return withFrontmatter(read.parsed, pins, title);
}

/** Configurations that the drawing makes by itself need not be said. */
function configChange(
  { parsed }: ReadChart,
  wanted: readonly FlowNode[],
  made: ReadonlyMap<string, FlowNode>,
): EntryChange {
  const named = new Map(undrawnEntries(parsed).map(([name, node]) => [node.id, { name, node }]));
  const ids = new Set(wanted.map(({ id }) => id));
  const gone = [...named.values()]
    .filter(({ node }) => !ids.has(node.id))
    .map(({ name }): [string, unknown] => [name, undefined]);
  const fresh = chartIds(
    wanted.filter(({ id }) => !named.has(id)),
    [...named.values()].map(({ name }) => name),
  );
  const set = wanted
    .filter((node) => !sameValue(named.get(node.id)?.node ?? made.get(node.id), node))
    .map((node): [string, unknown] => [named.get(node.id)?.name ?? fresh.get(node.id) ?? node.id, node]);
  return Object.fromEntries([...gone, ...set]);
}

function namesFor({ parsed }: ReadChart, bindings: readonly Binding[], drawn: readonly FlowNode[]): Names {
  const chartId = new Map(bindings.map((binding) => [binding.nodeId, binding.chartId]));
  const fresh = drawn.filter(({ id }) => !chartId.has(id));
  const taken = [
    ...parsed.model.vertices.keys(),
    ...parsed.model.subgraphs.map(({ id }) => id),
    ...parsed.model.edges.map(({ id }) => id),
  ];
  for (const [id, name] of chartIds(fresh, taken)) chartId.set(id, name);
  return { chartId, nodeId: new Map([...chartId].map(([nodeId, id]) => [id, nodeId])) };
}

/** Labels first; a name that no label can say goes into the flow block. */
function renamed(
  read: ReadChart,
  derived: ReturnType<typeof derive>,
  drawn: readonly FlowNode[],
  names: Names,
  unnameable: Set<string>,
  options: FlowOfChartOptions,
): { text: string; read: ReadChart } {
  const given = new Map(derived.nodes.map((node) => [node.id, node]));
  const labels = new Map<string, string>();
  const entries = new Map<string, { name: string | null | undefined }>();
  for (const node of drawn) {
    const id = names.chartId.get(node.id);
    const was = given.get(node.id);
    const key = node.type === 'tab' ? 'label' : 'name';
    const name = node[key];
    if (id === undefined || !was || was[key] === name) continue;
    const said = read.profile.block.get(id)?.name;
    if (typeof name !== 'string') entries.set(id, { name: null });
    else if (name.trim() === '' || unnameable.has(id) || (said !== undefined && said !== '')) entries.set(id, { name });
    else {
      labels.set(id, name);
      // It had none, which a label cannot say: now the label can.
      if (said === '') entries.set(id, { name: undefined });
    }
    unnameable.add(id);
  }
  let { text } = read.parsed;
  if (labels.size > 0) text = renamedInText(read.parsed, labels);
  const after = labels.size > 0 ? tryRead(text, options) : read;
  // A label that would break the chart is said in the flow block instead.
  const good = after ?? read;
  text = after ? text : read.parsed.text;
  if (!after) for (const [id, name] of labels) entries.set(id, { name });
  if (entries.size === 0) return { text, read: good };
  text = withFrontmatter(good.parsed, entries);
  return { text, read: readChart(text, options) };
}

function tryRead(text: string, options: FlowOfChartOptions): ReadChart | undefined {
  try {
    return readChart(text, options);
  } catch {
    return undefined;
  }
}
