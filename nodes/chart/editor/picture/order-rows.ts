import { neighbours, type Link } from './layers.ts';

const SWEEPS = 8;

/** Orders the items of each row so that few links cross: the mean of their neighbours' places, down and up again (Sugiyama). */
export function orderRows(rows: readonly (readonly number[])[], links: readonly Link[]): number[][] {
  const count = rows.reduce((sum, row) => sum + row.length, 0);
  const above = neighbours(count, links, 'to', 'from');
  const below = neighbours(count, links, 'from', 'to');
  let current = rows.map((row) => [...row]);
  let best = current;
  let fewest = crossings(current, below);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const down = sweep % 2 === 0;
    current = swept(current, down ? above : below, down);
    const now = crossings(current, below);
    if (now < fewest) {
      fewest = now;
      best = current;
    }
  }
  return best;
}

function swept(rows: readonly (readonly number[])[], lists: readonly (readonly number[])[], down: boolean): number[][] {
  const places = placesOf(rows);
  const result = rows.map((row) => [...row]);
  const order = down ? [...result.keys()] : [...result.keys()].reverse();
  for (const at of order) {
    const row = result[at] ?? [];
    const wish = new Map(row.map((item, place) => [item, mean(lists[item] ?? [], places) ?? place]));
    row.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0));
    for (const [place, item] of row.entries()) places[item] = place;
  }
  return result;
}

function mean(items: readonly number[], places: readonly number[]): number | undefined {
  if (items.length === 0) return undefined;
  return items.reduce((sum, item) => sum + (places[item] ?? 0), 0) / items.length;
}

function placesOf(rows: readonly (readonly number[])[]): number[] {
  const places: number[] = [];
  for (const row of rows) for (const [place, item] of row.entries()) places[item] = place;
  return places;
}

/** How many pairs of links cross, counted row by row with a tree of counts. */
function crossings(rows: readonly (readonly number[])[], below: readonly (readonly number[])[]): number {
  const places = placesOf(rows);
  let total = 0;
  for (const [at, row] of rows.entries()) {
    const width = (rows[at + 1]?.length ?? 0) + 1;
    const tree = new Uint32Array(width + 1);
    let seen = 0;
    for (const item of row) {
      const ends = (below[item] ?? []).map((to) => places[to] ?? 0).sort((a, b) => a - b);
      for (const end of ends) total += seen - countUpTo(tree, end + 1);
      for (const end of ends) add(tree, end + 1);
      seen += ends.length;
    }
  }
  return total;
}

function countUpTo(tree: Uint32Array, index: number): number {
  let sum = 0;
  for (let at = index; at > 0; at -= at & -at) sum += tree[at] ?? 0;
  return sum;
}

function add(tree: Uint32Array, index: number): void {
  for (let at = index; at < tree.length; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
}
