import { type FlowNode, wiresOf } from '../flow-node.ts';
import type { FlowEdit } from './flow-edits.ts';

const RIGHT = 200;
const DOWN = 60;
const NEAR_X = 120;
const NEAR_Y = 40;

/** Gives added nodes a free place to the right of what leads to them, else below everything. */
export function placesBeside(
  flow: readonly FlowNode[],
  edits: readonly FlowEdit[],
  after: readonly FlowNode[],
): FlowEdit[] {
  const taken = flow.filter(({ x, type }) => typeof x === 'number' && type !== 'group').map(pointOf);
  const placed = new Map(flow.map((node) => [node.id, node]));
  const before = new Map(
    after.flatMap((node) =>
      wiresOf(node)
        .flat()
        .map((to): [string, string] => [to, node.id]),
    ),
  );
  const bottom = Math.max(40, ...taken.map(([, y]) => y));
  return edits.map((edit) => {
    if (edit.kind !== 'add' || typeof edit.node['x'] !== 'number' || edit.node['x'] > 0) return edit;
    const source = placed.get(before.get(edit.node.id) ?? '');
    const start: Point = source ? [pointOf(source)[0] + RIGHT, pointOf(source)[1]] : [140, bottom + DOWN];
    const [x, y] = free(start, taken);
    taken.push([x, y]);
    const node = { ...edit.node, x, y };
    placed.set(node.id, node);
    return { ...edit, node };
  });
}

type Point = [x: number, y: number];

const pointOf = (node: FlowNode): Point => [Number(node['x'] ?? 0), Number(node['y'] ?? 0)];

function free([x, y]: Point, taken: readonly Point[]): Point {
  let at = y;
  while (taken.some(([left, top]) => Math.abs(left - x) < NEAR_X && Math.abs(top - at) < NEAR_Y)) at += DOWN;
  return [x, at];
}
