import { bringsData, type ControlPlace, controlPlace } from './gates.ts';
import type { Arrow } from './graph.ts';

/** How messages get into a chart, and where they would go round in it. */
export interface Loops {
  /** Boxes nothing leads to, and for what no such box reaches, the first of it that the chart names. */
  readonly entries: ReadonlySet<string>;
  /** For each feedback arrow the boxes of its circle, the arrow's target first. */
  readonly circles: readonly (readonly string[])[];
}

/** Walks the chart depth first from its entries; an arrow back to a box still being walked closes a circle. */
export function loopsOf(boxes: Iterable<string>, arrows: readonly Arrow[]): Loops {
  const ids = [...boxes];
  const targets = new Map<string, string[]>(ids.map((id) => [id, []]));
  const reached = new Set<string>();
  for (const { from, to } of arrows) {
    targets.get(from)?.push(to);
    reached.add(to);
  }
  const entries = new Set(ids.filter((id) => !reached.has(id)));
  const circles: string[][] = [];
  const done = new Set<string>();
  for (const id of [...entries, ...ids]) {
    if (done.has(id)) continue;
    entries.add(id);
    walk(id, targets, done, circles);
  }
  return { entries, circles };
}

/**
 * Where the boxes take control that dotted arrows lead to: what those bring can be told from the data when data come too, from an
 * entry. `typeOf` gives no type for a box that is to stay as it is.
 */
export function controlOf(
  arrows: readonly Arrow[],
  entries: ReadonlySet<string>,
  typeOf: (id: string) => string | undefined,
): Map<string, ControlPlace> {
  const targets = new Map<string, string[]>();
  for (const { from, to, kind } of arrows) {
    // What fails comes seldom: it would leave the rest of the chart without messages.
    if (kind === 'control' || kind === 'failure') continue;
    const list = targets.get(from);
    if (list) list.push(to);
    else targets.set(from, [to]);
  }
  const sources = new Set([...targets.keys()].filter((id) => bringsData(typeOf(id) ?? '')));
  const reached = new Set([...entries, ...sources]);
  for (const id of reached) for (const to of targets.get(id) ?? []) reached.add(to);
  const places = new Map<string, ControlPlace>();
  for (const { to, kind } of arrows) {
    const type = kind === 'control' ? typeOf(to) : undefined;
    const place =
      type === undefined ? undefined : controlPlace(type, reached.has(to) && !entries.has(to) && !sources.has(to));
    if (place !== undefined) places.set(to, place);
  }
  return places;
}

function walk(
  start: string,
  targets: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
  circles: string[][],
): void {
  const path: string[] = [start];
  const places = new Map([[start, 0]]);
  const nextArrow = [0];
  done.add(start);
  while (path.length > 0) {
    const id = path.at(-1) ?? start;
    const arrow = nextArrow.at(-1) ?? 0;
    const target = targets.get(id)?.[arrow];
    nextArrow[nextArrow.length - 1] = arrow + 1;
    if (target === undefined) {
      path.pop();
      nextArrow.pop();
      places.delete(id);
    } else if (places.has(target)) {
      circles.push(path.slice(places.get(target)));
    } else if (!done.has(target)) {
      done.add(target);
      places.set(target, path.length);
      path.push(target);
      nextArrow.push(0);
    }
  }
}
