import type { Arrow } from './graph.ts';
import { type Boxes, type Relay, RelayMaker } from './relay-maker.ts';
import { SubflowPaths, type SubflowPorts } from './subflows.ts';

/** The wires of a chart, and what stands between them. */
export interface Wiring {
  readonly arrows: readonly Arrow[];
  readonly relays: readonly Relay[];
  /** Outputs that lead out of a subflow only. */
  readonly ends: readonly Arrow[];
  readonly subflows: ReadonlyMap<string, SubflowPorts>;
}

/** The node that uses a subflow stands where the subgraph does. */
function usedIn(id: string, subflows: ReadonlySet<string>): string {
  const frame = id.replace(/_call$/, '');
  return frame !== id && subflows.has(frame) ? frame : id;
}

/** Puts a node into each arrow that is more than a wire: failures, control, answers, and ways to other tabs and hosts. */
export function wiringOf(arrows: readonly Arrow[], boxes: Boxes): Wiring {
  const maker = new RelayMaker(boxes, arrows);
  const failed = alike(
    arrows.filter(({ kind }) => kind === 'failure'),
    ({ edge, from }) => [edge.id, boxes.tabOf(from)],
  );
  const between = arrows.flatMap((arrow) => maker.between(arrow));
  const made = [...between, ...maker.gated, ...failed.flatMap((same) => maker.caught(same))];
  const subflows = new Set(boxes.subflows);
  const frameOf = (id: string): string | undefined => maker.placeOf(usedIn(id, subflows))[0];
  const paths = new SubflowPaths({ ...boxes, frameOf, isSubflow: (id) => subflows.has(id) });
  const all = made.map((arrow) =>
    boxes.isExact(arrow.from) || boxes.isExact(arrow.to) ? arrow : paths.through(arrow),
  );
  const unused = [...boxes.called].filter(([frame]) => !paths.ports.has(frame));
  for (const frame of boxes.subflows) if (!unused.some(([id]) => id === frame)) maker.add(paths.use(frame));
  const crossing = alike(
    all.filter((arrow) => maker.crosses(arrow)),
    ({ edge, from, to, kind, label }) => [edge.id, kind, label, ...[from, to].flatMap((id) => maker.placeOf(id))],
  );
  const wires = [...all.filter((arrow) => !maker.crosses(arrow)), ...crossing.flatMap((same) => maker.carried(same))];
  const subflowPorts = [...paths.ports].map(([id, { ins, outs }]): [string, SubflowPorts] => [
    id,
    { ins: [...ins], outs },
  ]);
  subflowPorts.push(...unused);
  const { ends } = paths;
  return { arrows: inOrder(wires, arrows), ends, relays: maker.relays, subflows: new Map(subflowPorts) };
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
