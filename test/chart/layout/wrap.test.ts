import assert from 'node:assert/strict';
import type { LayoutPlan, Rectangle } from '../../../src/chart/layout/plan.ts';
import { wrapped } from '../../../src/chart/layout/wrap.ts';

/** A chain of boxes, each 200 wide, with 40 between. */
function chain(count: number, more: LayoutPlan['wires'] = []): { plan: LayoutPlan; places: Map<string, Rectangle> } {
  const ids = Array.from({ length: count }, (_, index) => `n${index}`);
  const wires = ids.slice(1).map((to, index) => ({ from: `n${index}`, output: 0, to }));
  return {
    plan: { boxes: [], groups: [], wires: [...wires, ...more] },
    places: new Map(ids.map((id, index) => [id, { x: index * 240, y: 0, width: 200, height: 30 }])),
  };
}

describe('a long part of a chart', () => {
  it('is broken into rows that fit, each begun at the left', () => {
    const { plan, places } = chain(9);
    const rows = wrapped(plan, places);
    assert.equal(rows.get('n0')?.y, 0);
    assert.deepEqual([rows.get('n2')?.x, rows.get('n3')?.x], [480, 0]);
    assert.ok((rows.get('n3')?.y ?? 0) > 30 && (rows.get('n8')?.y ?? 0) > (rows.get('n3')?.y ?? 0));
    for (const { x, width } of rows.values()) assert.ok(x + width <= 880);
  });

  it('stays as it is when it is short, or when several wires cross every place to break at', () => {
    const short = chain(3);
    assert.deepEqual(wrapped(short.plan, short.places), short.places);
    const crossed = chain(9, [{ from: 'n0', output: 0, to: 'n8' }]);
    assert.deepEqual(wrapped(crossed.plan, crossed.places), crossed.places);
    const circle = chain(9, [{ from: 'n8', output: 0, to: 'n0' }]);
    assert.deepEqual(wrapped(circle.plan, circle.places), circle.places);
  });

  it('stays whole when groups hold it together', () => {
    const { plan, places } = chain(9);
    assert.deepEqual(wrapped({ ...plan, groups: [{ id: 'g' }] }, places), places);
  });
});
