import type { Placed, Point } from './drawing.ts';

/** A box or a subgraph; of a shape that is not known the rectangle counts. */
type End = Placed & { readonly shape?: string };

const DIAMONDS = new Set(['diamond', 'choice']);
const ROUNDS = new Set(['circle', 'doublecircle', 'ellipse', 'sm-circ', 'f-circ', 'fr-circ', 'cross-circ']);

/** The way of an arrow from the edge of one shape to the edge of another, over the bends. */
export function clipped(from: End, bends: readonly Point[], to: End): Point[] {
  const first = bends[0] ?? to;
  const last = bends.at(-1) ?? from;
  return [edgeOf(from, first), ...bends, edgeOf(to, last)];
}

/** From a box to itself: out at its right side and back in. */
export function loop({ x, y, width, height }: Placed): Point[] {
  const right = x + width / 2;
  const [above, below] = [y - height / 4, y + height / 4];
  return [
    { x: right, y: above },
    { x: right + 26, y: above - 4 },
    { x: right + 26, y: below + 4 },
    { x: right, y: below },
  ];
}

/** Where the line from the middle of a shape towards a point leaves it. */
function edgeOf({ x, y, width, height, shape = '' }: End, towards: Point): Point {
  const [dx, dy] = [towards.x - x, towards.y - y];
  if (dx === 0 && dy === 0) return { x, y };
  const [across, down] = [Math.abs(dx) / (width / 2), Math.abs(dy) / (height / 2)];
  const reach = DIAMONDS.has(shape)
    ? across + down
    : ROUNDS.has(shape)
      ? Math.hypot(across, down)
      : Math.max(across, down);
  const share = Math.min(1 / reach, 1);
  return { x: x + dx * share, y: y + dy * share };
}

/** An SVG path through the points, its corners rounded. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const parts = [`M${at(first)}`];
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1];
    if (next === undefined) parts.push(`L${at(point)}`);
    else {
      const end = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
      parts.push(`Q${at(point)} ${at(end)}`);
    }
  }
  return parts.join('');
}

const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;
