import type { Wire } from './fuse.ts';

/** So many calls deep the stack stays small, whatever the nodes do in between. */
export const LONGEST_RUN = 64;

/** Gives wires that close a circle, or make a run of direct calls too long, back to the runtime. */
export function breakCircles(wires: readonly Wire[], longestRun = LONGEST_RUN): Wire[] {
  const leaving = Map.groupBy(
    wires.filter(({ fused }) => fused),
    ({ from }) => from,
  );
  const cut = new Map<Wire, string>();
  const order = orderOf(leaving, cut);
  const depths = new Map<string, number>();
  for (const id of order) {
    const depth = depths.get(id) ?? 0;
    for (const wire of leaving.get(id) ?? []) {
      if (cut.has(wire)) continue;
      if (depth + 1 > longestRun) cut.set(wire, `the run of direct calls before it is ${longestRun} nodes long`);
      else depths.set(wire.to, Math.max(depths.get(wire.to) ?? 0, depth + 1));
    }
  }
  return wires.map((wire) => {
    const why = cut.get(wire);
    return why === undefined ? wire : { ...wire, fused: false, why };
  });
}

/** Every node before all it leads to; wires back to where the walk came from are cut. No recursion: flows may be long. */
function orderOf(leaving: ReadonlyMap<string, readonly Wire[]>, cut: Map<Wire, string>): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const finished: string[] = [];
  for (const start of leaving.keys()) {
    if (state.has(start)) continue;
    state.set(start, 'open');
    const stack = [{ id: start, rest: (leaving.get(start) ?? []).values() }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.next();
      if (next.done === true) {
        state.set(top.id, 'done');
        finished.push(top.id);
        stack.pop();
      } else if (state.get(next.value.to) === 'open') {
        cut.set(next.value, 'it closes a circle');
      } else if (!state.has(next.value.to)) {
        state.set(next.value.to, 'open');
        stack.push({ id: next.value.to, rest: (leaving.get(next.value.to) ?? []).values() });
      }
    }
  }
  return finished.toReversed();
}
