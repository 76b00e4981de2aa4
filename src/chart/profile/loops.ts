import { bringsData, type ControlPlace, controlPlace } from './gates.ts';
import type { Arrow } from './graph.ts';

/** How messages get into a chart, and where they would go round in it. */
export interface Loops {
  /** Boxes nothing leads to, and for what no such box reaches, the first of it that the chart names. */
  readonly entries: ReadonlySet<string>;
  /** For each feedback arrow the circle it closes. */
  readonly circles: readonly Circle[];
}

/** Where a box was found first, walking the chart. */
export interface Found {
  readonly id: string;
  readonly before: Found | undefined;
  readonly depth: number;
}

/** A way through the chart and the feedback arrow from its last box to its first. Many circles may share their ways. */
export class Circle implements Iterable<string> {
  readonly #first: Found;
  readonly #last: Found;

  constructor(first: Found, last: Found) {
    this.#first = first;
    this.#last = last;
  }

  get first(): string {
    return this.#first.id;
  }

  get last(): string {
    return this.#last.id;
  }

  /** The boxes of the circle, the first one first. */
  *[Symbol.iterator](): Generator<string> {
    const back: string[] = [];
    for (let at: Found | undefined = this.#last; at && at.depth >= this.#first.depth; at = at.before) back.push(at.id);
    yield* back.reverse();
  }

  /**
   * Joins all boxes of the circle: `topOf` gives the box found first among those that a box has been joined with, `join` joins one
   * with those before it. What was joined before is not walked again.
   */
  joinBy(topOf: (found: Found) => Found, join: (found: Found, before: Found) => void): void {
    for (let top = topOf(this.#last); top.depth > this.#first.depth && top.before; top = topOf(top.before)) {
      join(top, top.before);
    }
  }
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
  const circles: Circle[] = [];
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
  circles: Circle[],
): void {
  const first: Found = { id: start, before: undefined, depth: 0 };
  const path: { readonly found: Found; nextArrow: number }[] = [{ found: first, nextArrow: 0 }];
  const onPath = new Map([[start, first]]);
  done.add(start);
  for (let at = path.at(-1); at; at = path.at(-1)) {
    const { found } = at;
    const target = targets.get(found.id)?.[at.nextArrow];
    at.nextArrow += 1;
    if (target === undefined) {
      path.pop();
      onPath.delete(found.id);
      continue;
    }
    const closed = onPath.get(target);
    if (closed) circles.push(new Circle(closed, found));
    else if (!done.has(target)) {
      const next: Found = { id: target, before: found, depth: found.depth + 1 };
      done.add(target);
      onPath.set(target, next);
      path.push({ found: next, nextArrow: 0 });
    }
  }
}
