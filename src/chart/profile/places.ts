import type { Subgraph } from '../parse/model.ts';
import type { Entry, Frame } from './entry.ts';
import { ancestors, type ChartGraph } from './graph.ts';
import { plainText } from './plain-text.ts';

/** In which tab, and at which edge host, the boxes of a chart are. */
export interface PlaceNames {
  /** The subgraph that is the tab or subflow of a box; undefined in the tab of the chart. */
  readonly tabOf: (id: string) => string | undefined;
  /** The edge host of a box; undefined on this machine. */
  readonly hostOf: (id: string) => string | undefined;
  /** The edge hosts of the chart, by the subgraphs that stand for them. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly subflows: readonly string[];
  readonly nameOf: (id: string) => string;
}

export function placesOf({ parentOf, groups }: ChartGraph, block: ReadonlyMap<string, Entry>): PlaceNames {
  const hosts = new Map(groups.flatMap((group) => hostEntry(group, block.get(group.id))));
  const around = (id: string, is: (group: string) => boolean): string | undefined => ancestors(id, parentOf).find(is);
  return {
    tabOf: (id) => around(id, (group) => TABS.has(block.get(group)?.as)),
    hostOf: (id) => hosts.get(around(id, (group) => hosts.has(group)) ?? ''),
    hosts,
    subflows: groups
      .filter(({ id }) => block.get(id)?.as === 'subflow' && block.get(id)?.nodeId === undefined)
      .map(({ id }) => id),
    nameOf: (id) => {
      const group = groups.find((one) => one.id === id);
      return (group && plainText(group.title, group.labelType)) || id;
    },
  };
}

const TABS = new Set<Frame | undefined>(['tab', 'subflow', 'none']);

/** `as: host` in the flow block, with or without the name of the host, or `@{ host: … }` at the subgraph. */
function hostEntry({ id, title, labelType, data }: Subgraph, entry: Entry | undefined): [string, string][] {
  if (entry?.as !== undefined && entry.as !== 'host') return [];
  const drawn = data?.get('host');
  const named = entry?.host ?? (typeof drawn === 'string' ? drawn : undefined);
  if (entry?.as !== 'host' && named === undefined) return [];
  return [[id, named ?? (plainText(title, labelType) || id)]];
}
