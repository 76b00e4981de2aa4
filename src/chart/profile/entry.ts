import { plainValue } from '../parse/data.ts';
import type { ParsedChart } from '../parse/parse-chart.ts';

export type Frame = 'group' | 'tab' | 'subflow' | 'host' | 'none';
const FRAMES: readonly Frame[] = ['group', 'tab', 'subflow', 'host', 'none'];

/** What the `flow:` block says of one part of the chart. */
export interface Entry {
  readonly type?: string;
  /** The id of the node, for a chart written from a flow: such a node gets nothing but what the chart says. */
  readonly nodeId?: string;
  readonly at?: readonly [x: number, y: number];
  /** Null when the node has no name at all. */
  readonly name?: string | null;
  /** The labels of the outputs in their order: an arrow leaves from the output with its label, else from the first. */
  readonly outs?: readonly string[];
  /** The box of another chart that this one stands for (`link: chart#box`). */
  readonly link?: { readonly chart: string; readonly box: string };
  /** What a subgraph becomes; `none` is a tab that the flow itself does not hold. */
  readonly as?: Frame;
  /** The edge host that a subgraph stands for. */
  readonly host?: string;
  /** Wires as Node-RED keeps them, where arrows cannot say it. */
  readonly wires?: readonly unknown[];
  /** Properties that this node does not have, though its kind usually has. */
  readonly without: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Names in an entry that say something of the chart; a property of the same name is written with a `$` before it. */
const SPOKEN = new Set(['type', 'id', 'at', 'name', 'outs', 'wires', 'as', 'without']);
/** Node properties that belong to the flow, not to the settings. */
const RESERVED = new Set(['z', 'g', 'x', 'y', 'chartId']);

/** The `flow:` block of the frontmatter, by Mermaid id, in its order. */
export function entriesOf({ frontmatter }: ParsedChart): ReadonlyMap<string, Entry> {
  const block: unknown = frontmatter?.value.get('flow');
  if (!(block instanceof Map)) return new Map();
  const entries = [...block].map(([id, written]): [string, Entry | undefined] => [String(id), readEntry(written)]);
  return new Map(entries.filter((entry): entry is [string, Entry] => entry[1] !== undefined));
}

/** Reads an entry: a map, or the name of a type alone. */
export function readEntry(written: unknown): Entry | undefined {
  if (typeof written === 'string') return { type: written, without: [], settings: {} };
  if (!(written instanceof Map)) return undefined;
  const said = new Map([...written].map(([key, value]) => [String(key), plainValue(value)]));
  const link = typeof said.get('id') === 'string' ? undefined : linkIn(said.get('link'));
  const isHost = said.get('as') === 'host';
  const settings = [...said].filter(
    ([key]) => !SPOKEN.has(key) && !RESERVED.has(key) && !(key === 'link' && link) && !(key === 'host' && isHost),
  );
  const [type, nodeId, name, outs, wires, without] = ['type', 'id', 'name', 'outs', 'wires', 'without'].map((key) =>
    said.get(key),
  );
  const as = FRAMES.find((frame) => frame === said.get('as'));
  const at = placeOf(said.get('at'));
  return {
    ...(typeof type === 'string' && { type }),
    ...(typeof nodeId === 'string' && nodeId !== '' && { nodeId }),
    ...(at && { at }),
    ...(as && { as }),
    ...(link && { link }),
    ...(isHost && typeof said.get('host') === 'string' && { host: String(said.get('host')) }),
    ...((typeof name === 'string' || name === null) && { name }),
    ...(Array.isArray(outs) && { outs: outs.map(String) }),
    ...(typeof nodeId === 'string' && Array.isArray(wires) && { wires }),
    without: Array.isArray(without) ? without.map(String) : [],
    settings: Object.fromEntries(settings.map(([key, value]) => [key.startsWith('$') ? key.slice(1) : key, value])),
  };
}

/** The name of a setting as it is written in an entry. */
export const settingKey = (name: string): string =>
  SPOKEN.has(name) || RESERVED.has(name) || name.startsWith('$') ? `$${name}` : name;

/** Other nodes have a setting of this name too, which holds an id. */
function linkIn(link: unknown): Entry['link'] {
  const [, chart, box] = (typeof link === 'string' && /^(.+)#([^#]+)$/.exec(link)) || [];
  return chart === undefined || box === undefined ? undefined : { chart, box };
}

function placeOf(at: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(at)) return undefined;
  const [x, y]: unknown[] = at;
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : undefined;
}
