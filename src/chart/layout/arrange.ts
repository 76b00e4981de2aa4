import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { clearWires } from './clear-wires.ts';
import { componentsOf } from './components.ts';
import { elkGraph, fitsInOneGo, GROUP_ROOM, placesOf } from './elk-graph.ts';
import { bounds, groupsAround } from './groups-around.ts';
import { type LayoutPlan, type PlannedBox, type Rectangle, snapped } from './plan.ts';
import { quickPlaces } from './quick.ts';
import { wrapped } from './wrap.ts';

type Elk = ((graph: ElkNode) => Promise<ElkNode>) | undefined;

const LEFT = 40;
const TOP = 60;
const GAP = 60;
/** Parts that have no arrows between them fill rows of about this width. */
const ROW_WIDTH = 1600;

/** Places a whole plan: each connected part by ELK (in columns without it), the parts in rows, boxes on the grid, groups around their boxes. */
export async function arrange(plan: LayoutPlan, elk: Elk): Promise<Map<string, Rectangle>> {
  const placed = new Map<string, Rectangle>();
  const row = { x: LEFT, y: TOP, height: 0 };
  for (const part of componentsOf(plan)) {
    const huge = plan.boxes.length > MOST_IN_ALL && part.groups.length === 0;
    const places = huge ? atOnce(part) : await placesIn(part, elk);
    const { width, height } = bounds([...places.values()]);
    if (row.x > LEFT && row.x + width > LEFT + ROW_WIDTH) {
      row.x = LEFT;
      row.y = snapped(row.y + row.height + GAP);
      row.height = 0;
    }
    for (const [id, place] of places) placed.set(id, { ...place, x: row.x + place.x, y: row.y + place.y });
    row.x = snapped(row.x + width + GAP);
    row.height = Math.max(row.height, height);
  }
  return onGrid(plan, placed);
}

function atOnce(part: LayoutPlan): Map<string, Rectangle> {
  const places = quickPlaces(part);
  const { x, y } = bounds([...places.values()]);
  return new Map([...places].map(([id, place]) => [id, { ...place, x: place.x - x, y: place.y - y }]));
}

/** A part of more boxes than this is put into columns at once: ELK would take minutes, and nobody sees all of it at a time. */
const MOST_FOR_ELK = 1500;
/** In a chart of more boxes than this no part is laid out by ELK, so that all of it is there in seconds. */
const MOST_IN_ALL = 3000;

async function placesIn(part: LayoutPlan, elk: Elk): Promise<Map<string, Rectangle>> {
  const large = elk === undefined || part.boxes.length > MOST_FOR_ELK;
  if (large && part.groups.length === 0) return atOnce(part);
  if (elk === undefined || !fitsInOneGo(part)) return inLevels(part, elk);
  const cleared = clearWires(part, placesOf(await elk(elkGraph(part))));
  const places = new Map([...cleared, ...groupsAround(part, cleared)]);
  const { x, y } = bounds([...places.values()]);
  return wrapped(part, new Map([...places].map(([id, place]) => [id, { ...place, x: place.x - x, y: place.y - y }])));
}

/** The inside of each group first, then the groups as boxes: what ELK can do with many boxes in acceptable time. */
async function inLevels(part: LayoutPlan, elk: Elk, around?: string): Promise<Map<string, Rectangle>> {
  const parentOf = new Map([...part.groups, ...part.boxes].map(({ id, group }) => [id, group]));
  const insides = new Map<string, Map<string, Rectangle>>();
  const boxes: PlannedBox[] = part.boxes
    .filter(({ group }) => group === around)
    .map(({ id, width, height, outputs }) => ({ id, width, height, outputs }));
  for (const { id } of part.groups.filter(({ group }) => group === around)) {
    const inside = await inLevels(part, elk, id);
    insides.set(id, inside);
    const { width, height } = bounds([...inside.values()]);
    const { top, side, bottom } = GROUP_ROOM;
    boxes.push({ id, width: width + 2 * side, height: height + top + bottom, outputs: 1 });
  }
  const levelOf = (id: string): string | undefined => {
    for (let at: string | undefined = id; at !== undefined; at = parentOf.get(at)) {
      if (parentOf.get(at) === around) return at;
    }
    return undefined;
  };
  const wires = part.wires.flatMap(({ from, output, to }) => {
    const [start, end] = [levelOf(from), levelOf(to)];
    if (start === undefined || end === undefined || (start === end && start !== from)) return [];
    return [{ from: start, output: start === from ? output : 0, to: end }];
  });
  const places = await placesInRows({ boxes, wires, groups: [] }, elk);
  for (const [group, inside] of insides) {
    const { x, y } = places.get(group) ?? { x: 0, y: 0 };
    for (const [id, place] of inside) {
      places.set(id, { ...place, x: x + GROUP_ROOM.side + place.x, y: y + GROUP_ROOM.top + place.y });
    }
  }
  return places;
}

async function placesInRows(level: LayoutPlan, elk: Elk): Promise<Map<string, Rectangle>> {
  const placed = new Map<string, Rectangle>();
  let top = 0;
  for (const part of componentsOf(level)) {
    const places = await placesIn(part, elk);
    for (const [id, place] of places) placed.set(id, { ...place, y: top + place.y });
    top += bounds([...places.values()]).height + GAP;
  }
  return placed;
}

/** Boxes to the grid (left edge and middle), then each group around what stands in it. */
function onGrid(plan: LayoutPlan, placed: ReadonlyMap<string, Rectangle>): Map<string, Rectangle> {
  const places = new Map<string, Rectangle>();
  for (const { id, height } of plan.boxes) {
    const place = placed.get(id);
    if (!place) continue;
    const middle = snapped(place.y + height / 2);
    places.set(id, { ...place, x: snapped(place.x), y: middle - height / 2 });
  }
  return new Map([...places, ...groupsAround(plan, places)]);
}
