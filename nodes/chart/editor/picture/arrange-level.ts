import type { Point, Size } from './drawing.ts';
import { layersOf, neighbours, withoutCircles, type Link } from './layers.ts';
import { orderRows } from './order-rows.ts';
import { spread } from './spread.ts';

/** An arrow between two items of one level; with the size of its label. */
export interface LevelLink extends Link {
  readonly label?: Size;
}

/** Where everything of one level goes. */
export interface Arranged extends Size {
  /** The middle of each item. */
  readonly middles: readonly Point[];
  /** For each link the points between its ends. */
  readonly bends: readonly (readonly Point[])[];
  /** For each link where its label goes, if it has one. */
  readonly labels: readonly (Point | undefined)[];
}

const BESIDE = 30;
const BELOW = 50;
const BELOW_HALF = 24;
const SETTLING_SWEEPS = 10;

interface Cell extends Size {
  readonly layer: number;
}

/**
 * Places the items of one level in rows from top to bottom, or from left to right when `across`. Labels and the bends of
 * long arrows have places in the rows too, so that nothing lies on anything.
 */
export function arrangeLevel(items: readonly Size[], links: readonly LevelLink[], across: boolean): Arranged {
  const turned = ({ width, height }: Size): Size => (across ? { width: height, height: width } : { width, height });
  const step = links.some(({ label }) => label !== undefined) ? 2 : 1;
  const downward = withoutCircles(items.length, links);
  const layers = layersOf(items.length, downward, step);
  const cells: Cell[] = items.map((size, at) => ({ ...turned(size), layer: layers[at] ?? 0 }));
  const short: Link[] = [];
  const chains = downward.map(({ from, to }, at) => {
    if (from === to) return [];
    const chain: number[] = [];
    const [top, bottom] = [layers[from] ?? 0, layers[to] ?? 0];
    const middle = Math.round((top + bottom) / 2);
    const label = links[at]?.label;
    for (let layer = top + 1; layer < bottom; layer += 1) {
      const size = layer === middle && label !== undefined ? turned(label) : { width: 8, height: 0 };
      chain.push(cells.length);
      cells.push({ ...size, layer });
    }
    for (const [a, b] of pairs([from, ...chain, to])) short.push({ from: a, to: b });
    return chain;
  });
  const rows = orderRows(rowsOf(cells), short);
  const x = placeAcross(rows, cells, short);
  const { y, height } = placeDown(rows, cells, step);
  const left = Math.min(0, ...cells.map(({ width }, at) => (x[at] ?? 0) - width / 2));
  const width = Math.max(0, ...cells.map((cell, at) => (x[at] ?? 0) + cell.width / 2)) - left;
  const pointOf = (cell: number): Point => {
    const [a, b] = [(x[cell] ?? 0) - left, y[cells[cell]?.layer ?? 0] ?? 0];
    return across ? { x: b, y: a } : { x: a, y: b };
  };
  return {
    ...turned({ width, height }),
    middles: items.map((_, at) => pointOf(at)),
    bends: chains.map((chain, at) => (downward[at]?.reversed ? chain.toReversed() : chain).map(pointOf)),
    labels: chains.map((chain, at) => {
      const cell = chain.find((one) => links[at]?.label !== undefined && (cells[one]?.height ?? 0) > 0);
      return cell === undefined ? undefined : pointOf(cell);
    }),
  };
}

const pairs = (list: readonly number[]): [number, number][] =>
  list.slice(1).map((item, at): [number, number] => [list[at] ?? 0, item]);

function rowsOf(cells: readonly Cell[]): number[][] {
  const rows: number[][] = [];
  for (const [at, { layer }] of cells.entries()) (rows[layer] ??= []).push(at);
  return Array.from(rows, (row) => row ?? []);
}

/** The middle of each cell across the rows: as near to its neighbours' as the order of its row lets it. */
function placeAcross(rows: readonly (readonly number[])[], cells: readonly Cell[], links: readonly Link[]): number[] {
  const x: number[] = cells.map(() => 0);
  for (const row of rows) {
    let end = 0;
    for (const item of row) {
      const { width } = cells[item] ?? { width: 0 };
      x[item] = end + width / 2;
      end += width + BESIDE;
    }
    const half = (end - BESIDE) / 2;
    for (const item of row) x[item] = (x[item] ?? 0) - half;
  }
  const above = neighbours(cells.length, links, 'to', 'from');
  const below = neighbours(cells.length, links, 'from', 'to');
  for (let sweep = 0; sweep < SETTLING_SWEEPS; sweep += 1) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : rows.toReversed()) {
      const wanting = row.map((item) => {
        const near = [...(above[item] ?? []), ...(below[item] ?? [])];
        const sided = (down ? above : below)[item] ?? [];
        const from = sweep < SETTLING_SWEEPS - 2 && sided.length > 0 ? sided : near;
        const wish =
          from.length === 0 ? (x[item] ?? 0) : from.reduce((sum, one) => sum + (x[one] ?? 0), 0) / from.length;
        return { size: cells[item]?.width ?? 0, wish, weight: 1 + near.length };
      });
      for (const [at, middle] of spread(wanting, BESIDE).entries()) x[row[at] ?? 0] = middle;
    }
  }
  return x;
}

/** The middle of each row, and how far down all of it goes. */
function placeDown(
  rows: readonly (readonly number[])[],
  cells: readonly Cell[],
  step: number,
): { y: number[]; height: number } {
  const gap = step === 1 ? BELOW : BELOW_HALF;
  const y: number[] = [];
  let end = 0;
  for (const row of rows) {
    const height = Math.max(0, ...row.map((item) => cells[item]?.height ?? 0));
    y.push(end + height / 2);
    end += height + gap;
  }
  return { y, height: Math.max(0, end - gap) };
}
