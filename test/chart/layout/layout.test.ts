import assert from 'node:assert/strict';
import { layoutInWorker } from '../../../src/chart/layout/in-worker.ts';
import { boxSize, type LayoutPlan, outputTop, type Places } from '../../../src/chart/layout/plan.ts';

const box = (id: string, outputs = 1, group?: string): LayoutPlan['boxes'][number] => ({
  id,
  ...boxSize(id, 1, outputs),
  outputs,
  ...(group !== undefined && { group }),
});

function checkApart(plan: LayoutPlan, places: Places): void {
  const all = plan.boxes.map(({ id }) => {
    const place = places.get(id);
    assert.ok(place, id);
    return place;
  });
  assert.equal(all.length, plan.boxes.length);
  for (const [index, a] of all.entries()) {
    for (const b of all.slice(index + 1)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      assert.ok(apart, JSON.stringify([a, b]));
    }
  }
}

describe('the layout', () => {
  it("knows the editor's size of a node", () => {
    assert.deepEqual(boxSize('Start', 0, 1), { width: 100, height: 30 });
    assert.deepEqual(boxSize('Implement Publish-Subscribe', 1, 1), { width: 260, height: 30 });
    assert.deepEqual(boxSize('x', 1, 4), { width: 100, height: 60 });
    assert.deepEqual(
      [0, 1, 2].map((output) => outputTop(45, 3, output)),
      [9.5, 22.5, 35.5],
    );
  });

  it('keeps the outputs of a decision in order, so that its wires do not cross', async () => {
    const targets = ['t1', 't2', 't3', 't4', 't5'];
    const boxes = [box('d', 5), ...targets.map((id) => box(id)), box('end')];
    const wires = targets.flatMap((to, output) => [
      { from: 'd', output, to },
      { from: to, output: 0, to: 'end' },
    ]);
    const places = await layoutInWorker({ boxes, wires, groups: [] });
    const tops = targets.map((id) => places.get(id)?.y ?? Number.NaN);
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => a - b),
    );
  });

  it('places parts without arrows between them in rows, in order', async () => {
    const boxes = Array.from({ length: 60 }, (_, index) => box(`box ${index}`));
    const plan = { boxes, wires: [], groups: [] };
    const places = await layoutInWorker(plan);
    checkApart(plan, places);
    assert.ok(Math.max(...[...places.values()].map(({ x }) => x)) < 2000);
    assert.deepEqual([places.get('box 0')?.x, places.get('box 0')?.y], [40, 65]);
  });

  for (const [when, withinMs] of [
    ['', undefined],
    [', in columns when ELK takes too long', 0],
  ] as const) {
    it(`lays out two hundred boxes in nested groups, each group around its own${when}`, async () => {
      const boxes = Array.from({ length: 200 }, (_, index) => box(`b${index}`, 1, `inner${index % 20}`));
      const groups = Array.from({ length: 20 }, (_, index) => ({ id: `inner${index}`, group: `outer${index % 4}` }));
      const outer = Array.from({ length: 4 }, (_, index) => ({ id: `outer${index}` }));
      const wires = boxes.slice(1).map(({ id }, index) => ({ from: `b${index >> 1}`, output: 0, to: id }));
      const plan: LayoutPlan = { boxes, wires, groups: [...groups, ...outer] };
      const places = await layoutInWorker(plan, undefined, withinMs);
      checkApart(plan, places);
      for (const { id, group } of [...boxes, ...groups]) {
        const [inside, around] = [places.get(id), places.get(group ?? '')];
        assert.ok(inside && around && inside.x >= around.x && inside.x + inside.width <= around.x + around.width);
      }
    });
  }

  it('places a chart alike in a thread that is new and in one that placed others', async () => {
    const plan: LayoutPlan = {
      boxes: ['a', 'b', 'c', 'd'].map((id) => box(id, 2)),
      wires: [0, 1].flatMap((output) => ['b', 'c', 'd'].map((to) => ({ from: 'a', output, to }))),
      groups: [],
    };
    // Asked for at once, each has a thread of its own; and time enough, for in columns all would be alike.
    const places = (): Promise<Places> => layoutInWorker(plan, undefined, 60_000);
    const [first, ...others] = await Promise.all([places(), places(), places()]);
    await layoutInWorker({ boxes: [box('e'), box('f')], wires: [{ from: 'e', output: 0, to: 'f' }], groups: [] });
    for (const again of [...others, await places()]) assert.deepEqual(again, first);
  });

  it('stops when nobody waits any more', async () => {
    const waiting = new AbortController();
    const layout = layoutInWorker({ boxes: [box('a')], wires: [], groups: [] }, waiting.signal);
    waiting.abort(new Error('gone'));
    await assert.rejects(layout, { name: 'AbortError' });
  });
});
