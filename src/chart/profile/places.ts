import type { Entry, Frame } from './entry.ts';
import { ancestors, type ChartGraph } from './graph.ts';

/** In which tab, and at which edge host, the boxes of a chart are. */
export interface PlaceNames {
  /** The subgraph that is the tab or subflow of a box; undefined in the tab of the chart. */
  readonly tabOf: (id: string) => string | undefined;
  /** The subgraph that stands for the edge host of a box; undefined on this machine. */
  readonly hostOf: (id: string) => string | undefined;
}

export function placesOf({ parentOf }: ChartGraph, block: ReadonlyMap<string, Entry>): PlaceNames {
  const around = (id: string, frames: ReadonlySet<Frame | undefined>): string | undefined =>
    ancestors(id, parentOf).find((parent) => frames.has(block.get(parent)?.as));
  return { tabOf: (id) => around(id, TABS), hostOf: (id) => around(id, HOSTS) };
}

const TABS = new Set<Frame | undefined>(['tab', 'subflow', 'none']);
const HOSTS = new Set<Frame | undefined>(['host']);
