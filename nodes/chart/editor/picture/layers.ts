/** An arrow between two items of a level, by their numbers. */
export interface Link {
  readonly from: number;
  readonly to: number;
}

/** An arrow as it is layered: never upwards. */
export interface Downward extends Link {
  readonly reversed: boolean;
}

/** Turns arrows that close a circle round. Walks depth first in the chart's order, so the chart's own order stays. */
export function withoutCircles(count: number, links: readonly Link[]): Downward[] {
  const leaving: number[][] = Array.from({ length: count }, () => []);
  const reached = Array.from({ length: count }, () => false);
  for (const [at, { from, to }] of links.entries()) {
    leaving[from]?.push(at);
    if (from !== to) reached[to] = true;
  }
  const state = new Uint8Array(count);
  const reversed = new Set<number>();
  const starts = [...reached.keys()].sort((a, b) => Number(reached[a]) - Number(reached[b]));
  for (const start of starts) if (state[start] === 0) walk(start, leaving, links, state, reversed);
  return links.map(({ from, to }, at) =>
    reversed.has(at) ? { from: to, to: from, reversed: true } : { from, to, reversed: false },
  );
}

const WALKING = 1;
const DONE = 2;

function walk(
  start: number,
  leaving: readonly (readonly number[])[],
  links: readonly Link[],
  state: Uint8Array,
  reversed: Set<number>,
): void {
  const path = [start];
  const next = [0];
  state[start] = WALKING;
  while (path.length > 0) {
    const item = path.at(-1) ?? start;
    const at = next.at(-1) ?? 0;
    next[next.length - 1] = at + 1;
    const link = leaving[item]?.[at];
    if (link === undefined) {
      state[item] = DONE;
      path.pop();
      next.pop();
      continue;
    }
    const to = links[link]?.to ?? item;
    if (state[to] === WALKING) reversed.add(link);
    else if (state[to] === 0) {
      state[to] = WALKING;
      path.push(to);
      next.push(0);
    }
  }
}

/** The layer of each item: below all that lead to it, by `step` layers at least, and no higher than it needs to be. */
export function layersOf(count: number, links: readonly Downward[], step: number): number[] {
  const order = topological(count, links);
  const layers = Array.from({ length: count }, () => 0);
  const [into, outOf] = [neighbours(count, links, 'to', 'from'), neighbours(count, links, 'from', 'to')];
  for (const item of order) layers[item] = Math.max(0, ...(into[item] ?? []).map((from) => (layers[from] ?? 0) + step));
  // What nothing leads to stands right above what it leads to.
  for (const item of order.toReversed()) {
    const below = outOf[item] ?? [];
    if ((into[item]?.length ?? 0) === 0 && below.length > 0)
      layers[item] = Math.min(...below.map((to) => (layers[to] ?? 0) - step));
  }
  return layers;
}

function topological(count: number, links: readonly Downward[]): number[] {
  const outOf = neighbours(count, links, 'from', 'to');
  const missing = Array.from({ length: count }, () => 0);
  for (const { from, to } of links) if (from !== to) missing[to] = (missing[to] ?? 0) + 1;
  const order = [...missing.keys()].filter((item) => missing[item] === 0);
  for (let at = 0; at < order.length; at += 1) {
    for (const to of outOf[order[at] ?? 0] ?? []) {
      const left = (missing[to] ?? 0) - 1;
      missing[to] = left;
      if (left === 0) order.push(to);
    }
  }
  return order;
}

/** For each item those on the other side of its links; links to itself are none. */
export function neighbours(count: number, links: readonly Link[], at: 'from' | 'to', other: 'from' | 'to'): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const link of links) if (link.from !== link.to) lists[link[at]]?.push(link[other]);
  return lists;
}
