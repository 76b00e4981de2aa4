import type { Arrow } from './graph.ts';
import { type Boxes, type Relay, RelayMaker } from './relay-maker.ts';

/** The wires of a chart, and what stands between them. */
export interface Wiring {
  readonly arrows: readonly Arrow[];
  readonly relays: readonly Relay[];
}

/** Puts a node into each arrow that is more than a wire: failures, control, answers, and ways to other tabs and hosts. */
export function wiringOf(arrows: readonly Arrow[], boxes: Boxes): Wiring {
  const maker = new RelayMaker(boxes);
  const failed = alike(
    arrows.filter(({ kind }) => kind === 'failure'),
    ({ edge, from }) => [edge.id, boxes.tabOf(from)],
  );
  const between = arrows.flatMap((arrow) => maker.between(arrow));
  const all = [...between, ...failed.flatMap((same) => maker.caught(same))];
  const crossing = alike(
    all.filter((arrow) => maker.crosses(arrow)),
    ({ edge, from, to, kind, label }) => [edge.id, kind, label, ...[from, to].flatMap((id) => maker.placeOf(id))],
  );
  const wires = [...all.filter((arrow) => !maker.crosses(arrow)), ...crossing.flatMap((same) => maker.carried(same))];
  return { arrows: inOrder(wires, arrows), relays: maker.relays };
}

/** Puts together what has the same key, in the order of the first of each. */
function alike(arrows: readonly Arrow[], keyOf: (arrow: Arrow) => readonly unknown[]): Arrow[][] {
  const found = new Map<string, Arrow[]>();
  for (const arrow of arrows) {
    const key = keyOf(arrow).join('\0');
    const same = found.get(key);
    if (same) same.push(arrow);
    else found.set(key, [arrow]);
  }
  return [...found.values()];
}

/** Outputs have the order of the arrows in the chart. */
function inOrder(wires: readonly Arrow[], arrows: readonly Arrow[]): Arrow[] {
  const places = new Map(arrows.map(({ edge }, index) => [edge, index]).reverse() as [Arrow['edge'], number][]);
  return wires.toSorted((a, b) => (places.get(a.edge) ?? 0) - (places.get(b.edge) ?? 0));
}
