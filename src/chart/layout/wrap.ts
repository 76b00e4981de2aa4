import type { LayoutPlan, Rectangle } from './plan.ts';

/** A row longer than this goes on in the next: about what an editor with both sidebars open shows unscaled. */
const LONGEST_ROW = 880;
/** Room between rows: the editor draws the one wire that leads back aslant, and lower rooms send it through boxes and statuses. */
const ROW_GAP = 160;

interface Row {
  readonly ids: readonly string[];
  readonly left: number;
}

/** Breaks a long part into rows, only where a single wire leads on: anywhere else the break would tangle the wires. */
export function wrapped({ wires, groups }: LayoutPlan, places: ReadonlyMap<string, Rectangle>): Map<string, Rectangle> {
  const rows = groups.length > 0 ? [] : rowsOf(places, wires);
  if (rows.length < 2) return new Map(places);
  const result = new Map<string, Rectangle>();
  let top = 0;
  for (const { ids, left } of rows) {
    const boxes = ids.flatMap((id) => places.get(id) ?? []);
    const highest = Math.min(...boxes.map(({ y }) => y));
    const lowest = Math.max(...boxes.map(({ y, height }) => y + height));
    for (const id of ids) {
      const place = places.get(id);
      if (place !== undefined) result.set(id, { ...place, x: place.x - left, y: place.y - highest + top });
    }
    top += lowest - highest + ROW_GAP;
  }
  return result;
}

function rowsOf(places: ReadonlyMap<string, Rectangle>, wires: LayoutPlan['wires']): Row[] {
  const sorted = [...places].sort(([, a], [, b]) => a.x - b.x);
  const rows: Row[] = [];
  let ids: string[] = [];
  let left = 0;
  /** How many boxes of the row stand before the last place it could be broken at. */
  let breakAt = 0;
  const before = new Set<string>();
  let right = -Infinity;
  for (const [id, { x, width }] of sorted) {
    if (ids.length > 0 && x >= right && leadsOnByOne(before, wires)) breakAt = ids.length;
    if (ids.length > 0 && x + width - left > LONGEST_ROW && breakAt > 0) {
      rows.push({ ids: ids.slice(0, breakAt), left });
      ids = ids.slice(breakAt);
      left = places.get(ids[0] ?? id)?.x ?? x;
      breakAt = 0;
    }
    ids.push(id);
    before.add(id);
    right = Math.max(right, x + width);
  }
  rows.push({ ids, left });
  return rows;
}

/** One wire from the boxes before to those after, and none back. */
function leadsOnByOne(before: ReadonlySet<string>, wires: LayoutPlan['wires']): boolean {
  let on = 0;
  for (const { from, to } of wires) {
    if (before.has(from) === before.has(to)) continue;
    if (before.has(to)) return false;
    on += 1;
  }
  return on === 1;
}
