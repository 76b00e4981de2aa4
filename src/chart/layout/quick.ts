import type { ChartProfile } from '../profile/step.ts';
import { isSource } from '../profile/types.ts';
import { boxSize, type LayoutPlan, type Places, type Rectangle } from './plan.ts';

const LEFT = 40;
const TOP = 60;
const COLUMN = 240;
const ROW = 60;
const GAP = 60;

/** What is to be laid out, with the sizes the editor will draw. */
export function planOf({ steps, groups, parentOf }: ChartProfile): LayoutPlan {
  const group = (id: string): { group?: string } => {
    const parent = parentOf.get(id);
    return parent === undefined ? {} : { group: parent };
  };
  const boxes = steps.map(({ chartId, name, type, outputs }) => ({
    id: chartId,
    ...boxSize(name ?? '', isSource(type) ? 0 : 1, outputs.length),
    outputs: outputs.length,
    ...group(chartId),
  }));
  const wires = steps.flatMap(({ chartId: from, outputs }) =>
    outputs.flatMap(({ targets }, output) => targets.map((to) => ({ from, output, to }))),
  );
  return { boxes, wires, groups: groups.map(({ id }) => ({ id, ...group(id) })) };
}

/** Boxes in columns by their distance from the beginning: no beauty, but at once, however large the chart. */
export function quickPlaces({ boxes, wires }: LayoutPlan): Places {
  const targets = new Map<string, string[]>(boxes.map(({ id }) => [id, []]));
  const reached = new Set(wires.map(({ to }) => to));
  for (const { from, to } of wires) targets.get(from)?.push(to);
  const column = new Map<string, number>();
  for (const { id } of [...boxes.filter((box) => !reached.has(box.id)), ...boxes]) {
    if (column.has(id)) continue;
    column.set(id, 0);
    const queue = [id];
    for (const from of queue) {
      for (const to of targets.get(from) ?? []) {
        if (column.has(to)) continue;
        column.set(to, (column.get(from) ?? 0) + 1);
        queue.push(to);
      }
    }
  }
  const widest = Math.max(0, ...new Set(boxes.map(({ width }) => width)));
  const step = Math.max(COLUMN, widest + GAP);
  const below = new Map<number, number>();
  const places = new Map<string, Rectangle>();
  for (const { id, width, height } of boxes) {
    const at = column.get(id) ?? 0;
    const y = below.get(at) ?? TOP;
    below.set(at, y + Math.ceil((height + GAP / 2) / ROW) * ROW);
    places.set(id, { x: LEFT + at * step, y, width, height });
  }
  return places;
}
