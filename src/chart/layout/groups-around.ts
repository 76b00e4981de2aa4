import { GROUP_ROOM } from './elk-graph.ts';
import type { LayoutPlan, Rectangle } from './plan.ts';

/** Each group around what stands in it. */
export function groupsAround(
  { boxes, groups }: LayoutPlan,
  places: ReadonlyMap<string, Rectangle>,
): Map<string, Rectangle> {
  const members = new Map<string, Rectangle[]>(groups.map(({ id }) => [id, []]));
  for (const { id, group } of boxes) {
    const place = places.get(id);
    if (place !== undefined && group !== undefined) members.get(group)?.push(place);
  }
  const around = new Map<string, Rectangle>();
  // Inner groups come before the ones around them.
  for (const { id, group } of groups) {
    const { x, y, width, height } = bounds(members.get(id) ?? []);
    const { top, side, bottom } = GROUP_ROOM;
    const place = { x: x - side, y: y - top, width: width + 2 * side, height: height + top + bottom };
    around.set(id, place);
    if (group !== undefined) members.get(group)?.push(place);
  }
  return around;
}

/** The rectangle around some others. */
export function bounds(places: readonly Rectangle[]): Rectangle {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of places) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
