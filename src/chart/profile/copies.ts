import type { Arrow } from './graph.ts';
import type { Found, Loops } from './loops.ts';

/** More copies of one message than these reach no box: the steps before it pass each message once. */
const MOST_COPIES = 16;
/** In circles that hang together, more guards than these let a message take too many ways round. */
const MOST_GUARDS = 3;

/**
 * The steps that are to pass each message once, because the ways of the chart part and meet so often that copies of a message would
 * multiply without end. `guards` are the loop guards, `isStep` tells whether a box can drop copies at all.
 */
export function onceOf(
  boxes: Iterable<string>,
  arrows: readonly Arrow[],
  { circles }: Pick<Loops, 'circles'>,
  guards: ReadonlySet<string>,
  isStep: (id: string) => boolean,
): Set<string> {
  const once = tangledGuards(circles, guards);
  const { targets, waiting } = forwards(boxes, arrows, circles);
  const copies = new Map([...waiting.keys()].map((id) => [id, 0]));
  const ready = [...waiting].filter(([, before]) => before === 0).map(([id]) => id);
  for (const id of ready) {
    const arriving = Math.max(1, copies.get(id) ?? 0);
    if (arriving > MOST_COPIES && isStep(id)) once.add(id);
    const leaving = once.has(id) ? 1 : arriving;
    for (const to of targets.get(id) ?? []) {
      copies.set(to, (copies.get(to) ?? 0) + leaving);
      const before = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, before);
      if (before === 0) ready.push(to);
    }
  }
  return once;
}

/** The wires that close no circle, and how many of them lead to each box. */
function forwards(
  boxes: Iterable<string>,
  arrows: readonly Arrow[],
  circles: Loops['circles'],
): { targets: Map<string, Set<string>>; waiting: Map<string, number> } {
  const back = new Map<string, Set<string>>();
  for (const circle of circles) {
    const { first, last } = circle;
    back.set(last, (back.get(last) ?? new Set()).add(first));
  }
  const waiting = new Map([...boxes].map((id) => [id, 0]));
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of arrows) {
    const known = targets.get(from) ?? new Set();
    targets.set(from, known);
    if (known.has(to) || back.get(from)?.has(to)) continue;
    known.add(to);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  return { targets, waiting };
}

/** The guards of circles that share boxes, where there are many. */
function tangledGuards(circles: Loops['circles'], guards: ReadonlySet<string>): Set<string> {
  /** For each box that was joined with one before it, that one; joined boxes lead to the first of them. */
  const before = new Map<string, Found>();
  const topOf = (found: Found): Found => {
    let top = found;
    for (let next = before.get(top.id); next !== undefined; next = before.get(top.id)) top = next;
    for (let at = found; at !== top;) {
      const next = before.get(at.id) ?? top;
      before.set(at.id, top);
      at = next;
    }
    return top;
  };
  for (const circle of circles) circle.joinBy(topOf, (found, above) => before.set(found.id, above));
  const tangles = Map.groupBy(guards, (id) => {
    const above = before.get(id);
    return above ? topOf(above).id : id;
  });
  return new Set([...tangles.values()].filter(({ length }) => length > MOST_GUARDS).flat());
}
