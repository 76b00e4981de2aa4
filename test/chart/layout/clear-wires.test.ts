import assert from 'node:assert/strict';
import { layoutInWorker } from '../../../src/chart/layout/in-worker.ts';
import { boxSize, type LayoutPlan } from '../../../src/chart/layout/plan.ts';

const box = (id: string, group?: string): LayoutPlan['boxes'][number] => ({
  id,
  ...boxSize(id, 1, 1),
  outputs: 1,
  ...(group !== undefined && { group }),
});
const wires = [
  ['a', 'b'],
  ['b', 'c'],
  ['c', 'd'],
  ['a', 'd'],
  ['a', 'c'],
].map(([from, to]) => ({ from: from!, output: 0, to: to! }));

describe('wires that pass other boxes', () => {
  for (const { where, group } of [
    { where: 'on the canvas', group: undefined },
    { where: 'in a group', group: 'g' },
  ]) {
    it(`go past them, not behind them, ${where}`, async () => {
      const boxes = ['a', 'b', 'c', 'd'].map((id) => box(id, group));
      const places = await layoutInWorker({ boxes, wires, groups: group === undefined ? [] : [{ id: group }] });
      const of = (id: string): { left: number; right: number; middle: number } => {
        const { x, y, width, height } = places.get(id) ?? assert.fail(id);
        return { left: x, right: x + width, middle: y + height / 2 };
      };
      for (const [from, past, to] of [
        ['a', 'b', 'c'],
        ['a', 'b', 'd'],
        ['a', 'c', 'd'],
      ] as const) {
        const [start, between, end] = [of(from), of(past), of(to)];
        const at = ((between.left + between.right) / 2 - start.right) / (end.left - start.right);
        const wire = start.middle + (end.middle - start.middle) * at;
        assert.ok(Math.abs(wire - between.middle) > 15, `${from} to ${to} behind ${past}`);
      }
    });
  }
});
