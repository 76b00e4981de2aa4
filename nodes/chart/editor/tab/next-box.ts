const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** How much worse a box is that stands aside than one straight ahead. */
const ASIDE = 2;

/** The box that a key leads to: the nearest in its direction, the first or the last; undefined for any other key. */
export function nextBox(boxes: ReadonlyMap<string, SVGGElement>, from: string, key: string): string | undefined {
  const ids = [...boxes.keys()];
  if (key === 'Home') return ids[0];
  if (key === 'End') return ids.at(-1);
  const way = Object.hasOwn(WAYS, key) ? WAYS[key] : undefined;
  const start = boxes.get(from);
  if (way === undefined || start === undefined) return undefined;
  const [x, y] = middleOf(start);
  let best: string | undefined;
  let shortest = Infinity;
  for (const [id, box] of boxes) {
    const [dx, dy] = middleOf(box).map((value, at) => value - (at === 0 ? x : y)) as [number, number];
    const ahead = dx * way[0] + dy * way[1];
    const aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    const distance = ahead + ASIDE * aside;
    if (ahead <= 1 || distance >= shortest) continue;
    shortest = distance;
    best = id;
  }
  return best;
}

function middleOf(box: SVGGElement): [number, number] {
  const { left, top, width, height } = box.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
}
