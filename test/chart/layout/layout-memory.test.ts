import assert from 'node:assert/strict';
import { layoutInWorker } from '../../../src/chart/layout/in-worker.ts';
import { withMemory } from '../../../src/chart/layout/layout-memory.ts';
import type { LayoutPlan, Places } from '../../../src/chart/layout/plan.ts';

const planOf = (...ids: string[]): LayoutPlan => ({
  boxes: ids.map((id) => ({ id, width: 100, height: 30, outputs: 1 })),
  wires: ids.slice(1).map((to, index) => ({ from: ids[index] ?? '', output: 0, to })),
  groups: [],
});

describe('what is remembered of layouts', function () {
  this.timeout(60_000);
  let asked: LayoutPlan[];
  let places: (plan: LayoutPlan, signal?: AbortSignal) => Promise<Places>;
  beforeEach(() => {
    asked = [];
    places = withMemory((plan, signal) => {
      asked.push(plan);
      return layoutInWorker(plan, signal);
    });
  });

  it('places a chart once, however often it is asked for, and another one for itself', async () => {
    const first = await places(planOf('a', 'b'));
    assert.equal(await places(planOf('a', 'b')), first);
    assert.equal(asked.length, 1);
    assert.deepEqual([...(await places(planOf('a', 'c'))).keys()], ['a', 'c']);
    assert.equal(asked.length, 2);
    assert.equal(await places(planOf('a', 'b')), first);
    assert.equal(asked.length, 2);
  });

  it('keeps what was asked for last of more boxes than it may keep', async () => {
    const many = (name: string): LayoutPlan => ({
      boxes: Array.from({ length: 4_000 }, (_, at) => ({ id: `${name}${at}`, width: 100, height: 30, outputs: 1 })),
      wires: [],
      groups: [],
    });
    for (const name of ['x', 'y', 'x', 'z', 'x']) await places(many(name));
    assert.deepEqual(
      asked.map(({ boxes }) => boxes[0]?.id),
      ['x0', 'y0', 'z0'],
    );
    await places(many('y'));
    assert.equal(asked.length, 4);
  });

  it('remembers nothing of what was called off', async () => {
    const waiting = new AbortController();
    const layout = places(planOf('a', 'b'), waiting.signal);
    waiting.abort();
    await assert.rejects(layout, { name: 'AbortError' });
    assert.equal((await places(planOf('a', 'b'))).size, 2);
    assert.equal(asked.length, 2);
  });
});
