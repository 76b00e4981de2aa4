import { groupsAround } from './groups-around.ts';
import { type LayoutPlan, outputTop, type PlannedWire, type Rectangle, snapped } from './plan.ts';

/** Beyond this many boxes it takes too long, and nobody follows single wires any more. */
const MOST_BOXES = 80;
const MOST_MOVES = 24;
const STEPS = [20, -20, 40, -40, 60, -60, 80, -80, 100, -100];
/** A wire bends within so much of its length of its ends, and never further (red.js 5.0: `generateLinkPath`). */
const BEND = 0.75;
const MOST_BEND_PX = 75;
/** Room between two boxes, with the status below each, and between a box and a wire that passes it. */
const BOX_GAP = 24;
const WIRE_GAP = 6;
const SAMPLES = 24;
/** What a wire behind a box, or one that crosses its neighbour, is worth against a pixel of height. */
const WRONG = 10_000;

type Places = Map<string, Rectangle>;

/**
 * Moves single boxes up or down where a wire would pass behind one: ELK leads wires around boxes, but the editor draws each as one
 * curve from end to end. Places are snapped to the grid.
 */
export function clearWires(part: LayoutPlan, placed: ReadonlyMap<string, Rectangle>): Places {
  const places: Places = new Map(placed);
  if (part.boxes.length > MOST_BOXES) return places;
  for (const { id } of part.boxes) {
    const place = places.get(id);
    if (place !== undefined) places.set(id, onGrid(place));
  }
  const outputs = new Map(part.boxes.map((box) => [box.id, box.outputs]));
  const curves = (): Curve[] => part.wires.flatMap((wire) => curveOf(wire, places, outputs) ?? []);
  const cost = (): number => costOf(curves(), part, places);
  let now = cost();
  for (let move = 0; move < MOST_MOVES && now >= WRONG; move += 1) {
    let best: { id: string; place: Rectangle; cost: number } | undefined;
    for (const id of involved(curves(), part, places)) {
      const from = places.get(id);
      if (from === undefined) continue;
      for (const step of STEPS) {
        const place = { ...from, y: from.y + step };
        places.set(id, place);
        if (hasRoom(id, part, places)) {
          const then = cost();
          if (then < (best?.cost ?? now - WRONG / 2)) best = { id, place, cost: then };
        }
      }
      places.set(id, from);
    }
    if (best === undefined) break;
    places.set(best.id, best.place);
    now = best.cost;
  }
  return places;
}

const onGrid = (place: Rectangle): Rectangle => ({
  ...place,
  x: snapped(place.x),
  y: snapped(place.y + place.height / 2) - place.height / 2,
});

interface Curve extends PlannedWire {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** A wire that leads to the right; one that leads back goes around in any case. */
function curveOf(wire: PlannedWire, places: Places, outputs: ReadonlyMap<string, number>): Curve | undefined {
  const [start, end] = [places.get(wire.from), places.get(wire.to)];
  if (start === undefined || end === undefined || end.x <= start.x + start.width) return undefined;
  const y1 = start.y + outputTop(start.height, outputs.get(wire.from) ?? 1, wire.output);
  return { ...wire, x1: start.x + start.width, y1, x2: end.x, y2: end.y + end.height / 2 };
}

function isBehind({ x1, y1, x2, y2, from, to }: Curve, id: string, box: Rectangle): boolean {
  const [top, bottom] = [box.y - WIRE_GAP, box.y + box.height + WIRE_GAP];
  if (id === from || id === to || box.x >= x2 || box.x + box.width <= x1) return false;
  if (Math.min(y1, y2) >= bottom || Math.max(y1, y2) <= top) return false;
  const bend = Math.min(MOST_BEND_PX, BEND * Math.hypot(x2 - x1, y2 - y1));
  for (let sample = 1; sample < SAMPLES; sample += 1) {
    const t = sample / SAMPLES;
    const u = 1 - t;
    const x = u ** 3 * x1 + 3 * u * u * t * (x1 + bend) + 3 * u * t * t * (x2 - bend) + t ** 3 * x2;
    const y = (u ** 3 + 3 * u * u * t) * y1 + (3 * u * t * t + t ** 3) * y2;
    if (x > box.x && x < box.x + box.width && y > top && y < bottom) return true;
  }
  return false;
}

function costOf(curves: readonly Curve[], { boxes }: LayoutPlan, places: Places): number {
  let cost = 0;
  for (const [at, curve] of curves.entries()) {
    cost += Math.abs(curve.y2 - curve.y1);
    for (const { id } of boxes) {
      const box = places.get(id);
      if (box !== undefined && isBehind(curve, id, box)) cost += WRONG;
    }
    for (const other of curves.slice(at + 1)) if (crosses(curve, other)) cost += WRONG;
  }
  return cost;
}

/** Two outputs of one box whose wires change sides before the nearer of their ends. */
function crosses(one: Curve, other: Curve): boolean {
  if (one.from !== other.from || one.output === other.output) return false;
  const end = Math.min(one.x2, other.x2);
  const at = ({ x1, y1, x2, y2 }: Curve): number => y1 + ((y2 - y1) * (end - x1)) / (x2 - x1);
  return (one.y1 - other.y1) * (at(one) - at(other)) < 0;
}

/** Boxes that stand before a wire, and those at its ends. */
function involved(curves: readonly Curve[], { boxes }: LayoutPlan, places: Places): Set<string> {
  const ids = new Set<string>();
  for (const curve of curves) {
    for (const { id } of boxes) {
      const box = places.get(id);
      if (box === undefined || !isBehind(curve, id, box)) continue;
      for (const one of [id, curve.from, curve.to]) ids.add(one);
    }
  }
  return ids;
}

/** Whether a box stands on no other one, and its groups, grown around it, on nothing that is not theirs. */
function hasRoom(id: string, part: LayoutPlan, places: Places): boolean {
  const box = places.get(id);
  if (box === undefined) return false;
  const apart = (one: Rectangle, other: Rectangle, gap: number): boolean =>
    one.x >= other.x + other.width ||
    other.x >= one.x + one.width ||
    one.y >= other.y + other.height + gap ||
    other.y >= one.y + one.height + gap;
  const others = part.boxes.filter((other) => other.id !== id);
  if (!others.every((other) => apart(box, places.get(other.id) ?? box, BOX_GAP))) return false;
  if (part.groups.length === 0) return true;
  const parents = new Map([...part.groups, ...part.boxes].map(({ id: own, group }) => [own, group]));
  const chain = (from: string): string[] => {
    const up = parents.get(from);
    return up === undefined ? [] : [up, ...chain(up)];
  };
  const around = groupsAround(part, places);
  const own = new Set(chain(id));
  return [...around].every(([group, room]) => {
    const foreign = others.filter((other) => !chain(other.id).includes(group));
    const strangers = [...around].filter(
      ([other]) => other !== group && !chain(other).includes(group) && !chain(group).includes(other),
    );
    return (
      (own.has(group) || apart(box, room, 0)) &&
      foreign.every((other) => apart(places.get(other.id) ?? room, room, 0)) &&
      strangers.every(([, other]) => apart(other, room, 0))
    );
  });
}
