import type { ChartModel, Edge, Subgraph, Vertex } from '../parse/model.ts';
import { plainText } from './plain-text.ts';

/** What goes over an arrow: messages, control (`-.->`), what failed (`--x`), or a question and its answer (`<-->`). */
export type ArrowKind = 'data' | 'control' | 'failure' | 'question' | 'answer';

/** A message's way from one box to another. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly kind: ArrowKind;
  /** Plain text; empty when the arrow has none. */
  readonly label: string;
  /** The edge it comes from. */
  readonly edge: Edge;
}

/** A chart reduced to what runs: boxes, arrows between boxes, and groups around them. */
export interface ChartGraph {
  readonly boxes: ReadonlyMap<string, Vertex>;
  readonly arrows: readonly Arrow[];
  /** The same arrows by the box they leave, and by the box they lead to. */
  readonly from: ReadonlyMap<string, readonly Arrow[]>;
  readonly to: ReadonlyMap<string, readonly Arrow[]>;
  /** Subgraphs with at least one box somewhere inside, outer ones after inner ones. */
  readonly groups: readonly Subgraph[];
  /** The group a box or a group stands in. */
  readonly parentOf: ReadonlyMap<string, string>;
  /** The arrow that would have made more arrows between boxes than can be had; it and others like it make none. */
  readonly over?: Edge;
}

/** An arrow from one group to another leads from each exit to each entry: a short chart could fill the memory. */
export const MOST_ARROWS = 40_000;

/**
 * Takes the meaning of a chart apart. An arrow to a subgraph leads to its entries, one from it comes from its exits.
 * A subgraph without boxes is a box when arrows lead to it, unless it is said to be a group.
 */
export function graphOf(model: ChartModel, isGroup: (id: string) => boolean = () => false): ChartGraph {
  const known = new Map(model.subgraphs.map((subgraph) => [subgraph.id, subgraph]));
  const parentOf = parents(model, known);
  const depth = (id: string): number => ancestors(id, parentOf).length;
  const filled = new Set<string>();
  const isBox = (id: string): boolean => !filled.has(id);
  const fill = (id: string): void => ancestors(id, parentOf).forEach((ancestor) => filled.add(ancestor));
  for (const id of known.keys()) if (isGroup(id)) filled.add(id);
  for (const id of model.vertices.keys()) if (!known.has(id)) fill(id);
  const doubtful = [...known.keys()].filter((id) => model.vertices.has(id)).sort((a, b) => depth(b) - depth(a));
  for (const id of doubtful) if (isBox(id)) fill(id);

  const boxes = new Map([...model.vertices].filter(([id]) => isBox(id)));
  const groups = model.subgraphs.filter(({ id }) => filled.has(id)).sort((a, b) => depth(b.id) - depth(a.id));
  const ends = new GroupEnds(model.edges, boxes, parentOf);
  const room: Room = { left: MOST_ARROWS };
  const arrows = model.edges.flatMap((edge) => arrowsOf(edge, ends, room));
  const from = Map.groupBy(arrows, (arrow) => arrow.from);
  const to = Map.groupBy(arrows, (arrow) => arrow.to);
  return { boxes, arrows, from, to, groups, parentOf, ...(room.over && { over: room.over }) };
}

/** The arrows between which a box decides: what fails in it is no branch. */
export const leaving = ({ from }: ChartGraph, id: string): Arrow[] =>
  (from.get(id) ?? []).filter(({ kind }) => kind !== 'failure');

/** How many arrows there may be yet, and which one was too many. */
interface Room {
  left: number;
  over?: Edge;
}

function arrowsOf(edge: Edge, ends: GroupEnds, room: Room): Arrow[] {
  if (edge.stroke === 'invisible') return [];
  const label = plainText(edge.text, edge.labelType);
  const between = (sources: readonly string[], targets: readonly string[], kind: ArrowKind): Arrow[] => {
    if (sources.length * targets.length > room.left) {
      room.over ??= edge;
      return [];
    }
    room.left -= sources.length * targets.length;
    return sources.flatMap((from) => targets.map((to) => ({ from, to, kind, label, edge })));
  };
  const { start, end } = edge;
  if (edge.type === 'double_arrow_point') {
    const there = between(ends.exits(start), ends.entries(end), 'question');
    return [...there, ...between(ends.exits(end), ends.entries(start), 'answer')];
  }
  // Whatever box of a group fails, it fails there.
  if (edge.type === 'arrow_cross') return between(ends.boxes(start), ends.entries(end), 'failure');
  return between(ends.exits(start), ends.entries(end), edge.stroke === 'dotted' ? 'control' : 'data');
}

/** The first subgraph that names a part has it; what would put a subgraph into itself is left out. */
function parents(model: ChartModel, known: ReadonlyMap<string, Subgraph>): Map<string, string> {
  const parentOf = new Map<string, string>();
  for (const { id, nodes } of model.subgraphs) {
    for (const node of nodes) {
      const exists = model.vertices.has(node) || known.has(node);
      if (!exists || node === id || parentOf.has(node) || ancestors(id, parentOf).includes(node)) continue;
      parentOf.set(node, id);
    }
  }
  return parentOf;
}

/** The groups around a part, the innermost first. */
export function ancestors(id: string, parentOf: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (let parent = parentOf.get(id); parent !== undefined; parent = parentOf.get(parent)) found.push(parent);
  return found;
}

/** Where messages come into a group and leave it. A box is its own entry and exit. */
class GroupEnds {
  readonly #boxes: ReadonlyMap<string, Vertex>;
  /** The boxes somewhere in each group, in their order, and the arrows between what stands in it. */
  readonly #inside = new Map<string, string[]>();
  readonly #edges = new Map<string, Edge[]>();
  readonly #known = new Map<string, readonly string[]>();

  constructor(edges: readonly Edge[], boxes: ReadonlyMap<string, Vertex>, parentOf: ReadonlyMap<string, string>) {
    this.#boxes = boxes;
    for (const id of boxes.keys()) for (const group of ancestors(id, parentOf)) listed(this.#inside, group).push(id);
    for (const edge of edges) {
      if (edge.stroke === 'invisible') continue;
      const around = ancestors(edge.end, parentOf);
      if (around.length === 0) continue;
      for (const group of ancestors(edge.start, parentOf)) {
        if (around.includes(group)) listed(this.#edges, group).push(edge);
      }
    }
  }

  /** The boxes of a group that no arrow inside it reaches; the first one when all are reached. */
  entries(id: string): readonly string[] {
    return this.#ends(id, 'entries');
  }

  /** The boxes of a group that no arrow inside it leaves; the last one when all are left. */
  exits(id: string): readonly string[] {
    return this.#ends(id, 'exits');
  }

  /** Every box of a group. */
  boxes(id: string): readonly string[] {
    return this.#boxes.has(id) ? [id] : (this.#inside.get(id) ?? []);
  }

  #ends(id: string, side: 'entries' | 'exits'): readonly string[] {
    if (this.#boxes.has(id)) return [id];
    const key = `${side} ${id}`;
    const known = this.#known.get(key);
    if (known) return known;
    const inside = this.boxes(id);
    const busy = new Set<string>();
    for (const { start, end } of this.#edges.get(id) ?? []) {
      for (const box of this.#ends(side === 'entries' ? end : start, side)) busy.add(box);
    }
    const free = inside.filter((box) => !busy.has(box));
    const found = free.length > 0 ? free : inside.slice(...(side === 'entries' ? [0, 1] : [-1]));
    this.#known.set(key, found);
    return found;
  }
}

function listed<Value>(lists: Map<string, Value[]>, key: string): Value[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}
