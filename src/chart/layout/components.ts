import type { LayoutPlan, PlannedBox, PlannedGroup, PlannedWire } from './plan.ts';

interface Part {
  readonly boxes: PlannedBox[];
  readonly wires: PlannedWire[];
  readonly groups: PlannedGroup[];
}

/** Splits a plan into parts that no wire and no group connects, in the order of their first boxes. */
export function componentsOf(plan: LayoutPlan): LayoutPlan[] {
  const sets = new Sets();
  for (const { id, group } of [...plan.groups, ...plan.boxes]) if (group !== undefined) sets.join(group, id);
  for (const { from, to } of plan.wires) sets.join(from, to);
  const parts = new Map<string, Part>();
  const partOf = (id: string): Part => {
    const name = sets.find(id);
    const part = parts.get(name) ?? { boxes: [], wires: [], groups: [] };
    parts.set(name, part);
    return part;
  };
  for (const box of plan.boxes) partOf(box.id).boxes.push(box);
  for (const wire of plan.wires) partOf(wire.from).wires.push(wire);
  for (const group of plan.groups) partOf(group.id).groups.push(group);
  return [...parts.values()];
}

/** Disjoint sets of ids. */
class Sets {
  readonly #up = new Map<string, string>();

  find(id: string): string {
    let top = id;
    for (let up = this.#up.get(top); up !== undefined; up = this.#up.get(top)) top = up;
    let at = id;
    while (at !== top) {
      const up = this.#up.get(at) ?? top;
      this.#up.set(at, top);
      at = up;
    }
    return top;
  }

  join(one: string, other: string): void {
    const [top, under] = [this.find(one), this.find(other)];
    if (top !== under) this.#up.set(under, top);
  }
}
