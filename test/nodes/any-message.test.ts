import assert from 'node:assert/strict';
import { sink, startNodeRed, tab, catching, type TestNodeRed } from '../support/node-red.ts';

const anything = [
  null,
  0,
  -1,
  Number.NaN,
  '',
  'text',
  true,
  [],
  [null],
  {},
  { protocol: '__proto__' },
  JSON.parse('{"__proto__":{"a":1}}'),
];

describe('a node whose message holds anything in the places it reads', () => {
  let red: TestNodeRed;
  before(async () => {
    red = await startNodeRed();
  });
  after(() => red.stop());

  it('step takes what is no list of places for none, and guards on', async () => {
    await red.deploy([
      tab,
      { id: 'step', type: 'chartwire-step', z: tab.id, guard: true, wires: [['out']] },
      sink('out'),
      ...catching,
    ]);
    for (const visited of anything) red.send('step', { payload: 1, visited: visited as never });
    const passed = await red.receivedBy('out', anything.length);
    for (const { visited } of passed) assert.equal(visited?.at(-1), 'step');
    red.send('step', { payload: 'again', visited: ['step'] });
    await red.statusOf('step', /loop guard 1$/);
    assert.deepEqual(red.received('caught'), []);
  });

  it('monitor counts it as other, and its figures stay numbers', async () => {
    await red.deploy([
      tab,
      { id: 'monitor', type: 'chartwire-monitor', z: tab.id, wires: [['out'], ['figures']] },
      sink('out'),
      sink('figures'),
      ...catching,
    ]);
    const amounts = ['x', Number.NaN, -1, Infinity, null].map((wrong) => ({
      protocol: 'mqtt',
      latencyMs: wrong,
      bytes: wrong,
    }));
    for (const carried of [...anything, ...amounts]) {
      red.send('monitor', { payload: 1, carried: carried as never, userProperties: carried });
    }
    await red.receivedBy('out', anything.length + amounts.length);
    const [told] = await red.receivedBy('figures', 1);
    const figures = told?.payload as Record<string, unknown>[];
    assert.deepEqual(
      figures
        .map(({ branch }) => branch)
        .map(String)
        .toSorted(),
      ['MQTT', 'other'],
    );
    for (const { branch: _, ...amountsRead } of figures) {
      for (const [name, amount] of Object.entries(amountsRead)) assert.ok(Number.isFinite(amount), name);
    }
    assert.deepEqual(red.received('caught'), []);
  });
});
