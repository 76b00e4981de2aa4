import type { Arrow } from './graph.ts';
import type { Loops } from './loops.ts';

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
  const back = new Map<string, Set<string | undefined>>();
  for (const circle of circles) {
    const from = circle.at(-1) ?? '';
    back.set(from, (back.get(from) ?? new Set()).add(circle[0]));
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
  const leaders = new Map<string, string>();
  const leaderOf = (id: string): string => {
    let leader = id;
    for (let next = leaders.get(leader); next !== undefined; next = leaders.get(leader)) leader = next;
    for (let at = id; at !== leader;) {
      const next = leaders.get(at) ?? leader;
      leaders.set(at, leader);
      at = next;
    }
    return leader;
  };
  for (const [first = '', ...others] of circles) {
    for (const id of others) {
      const [leader, other] = [leaderOf(first), leaderOf(id)];
      if (leader !== other) leaders.set(other, leader);
    }
  }
  const tangles = Map.groupBy(guards, leaderOf);
  return new Set([...tangles.values()].filter(({ length }) => length > MOST_GUARDS).flat());
}
