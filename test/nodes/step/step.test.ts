import assert from 'node:assert/strict';
import { flowOfChart } from '../../../src/chart/index.ts';
import {
  catching,
  errorText,
  sink,
  startNodeRed,
  tab,
  type StoredNode,
  type TestNodeRed,
} from '../../support/node-red.ts';

describe('the step node', () => {
  let red: TestNodeRed;
  before(async () => {
    red = await startNodeRed();
  });
  after(() => red.stop());

  const once = (count: number): StoredNode[] => [
    tab,
    { id: 'step', type: 'chartwire-step', z: tab.id, once: count, wires: [['out']] },
    sink('out'),
  ];

  it('passes a message once, and each part of a split message', async () => {
    await red.deploy(once(10));
    for (const payload of [1, 2]) red.send('step', { _msgid: 'same', payload });
    for (const index of [0, 1, 0])
      red.send('step', { _msgid: 'same', parts: { id: 'p', index }, payload: `part ${index}` });
    red.send('step', { _msgid: 'other', payload: 'last' });
    await red.statusOf('step', /^4 messages, copies 2$/);
    const payloads = (await red.receivedBy('out', 4)).map(({ payload }) => payload);
    assert.deepEqual(payloads, [1, 'part 0', 'part 1', 'last']);
  });

  it('remembers as many messages as it is told to', async () => {
    await red.deploy(once(2));
    for (const _msgid of ['a', 'b', 'c', 'a']) red.send('step', { _msgid, payload: _msgid });
    await red.receivedBy('out', 4);
  });

  it('lets no more messages wait than it is told to, and drops them when it is stopped', async () => {
    const gate = { id: 'step', type: 'chartwire-step', z: tab.id, control: true, maxWaiting: 2, wires: [['out']] };
    await red.deploy([tab, ...catching, gate, sink('out')]);
    red.send('step', { action: 'control', payload: ' Pause ' });
    for (const payload of [1, 2, 3]) red.send('step', { payload });
    const [refused] = await red.receivedBy('caught', 1);
    assert.ok(refused);
    assert.equal(refused.payload, 3);
    assert.match(errorText(refused), /^QUEUE_FULL: .*2 messages/);
    await red.statusOf('step', /^paused, 0 messages, 2 waiting$/);
    red.send('step', { action: 'control', payload: 'stop' });
    await red.statusOf('step', /^stopped, 0 messages, 2 dropped$/);
    assert.deepEqual(red.received('out'), []);
  });

  it('brings a message to every box of a chart whose ways part and meet without end', async () => {
    const row = (layer: number): string => [0, 1, 2, 3].map((place) => `b${layer}_${place}`).join(' & ');
    const lines = Array.from({ length: 24 }, (_, layer) => `${row(layer)} --> ${row(layer + 1)}`);
    const { flow } = flowOfChart(`graph TD\n${lines.join('\n')}\nb24_0 --> b3_1\nb20_1 --> b7_2\n`);
    await red.deploy(flow);
    const reached = flow.filter(({ chartId }) => /^b(?:[1-9]|1\d|2\d)_/.test(String(chartId)));
    await Promise.all(reached.map(({ id }) => red.receivedBy(id, 1)));
  });

  it('knows a message again that came through a protocol', async () => {
    const carrier = { type: 'chartwire-mqtt-carry', z: tab.id, link: '' };
    await red.deploy([
      tab,
      { id: 'first', type: 'chartwire-step', z: tab.id, once: 10, wires: [['one', 'two']] },
      { ...carrier, id: 'one', wires: [['second']] },
      { ...carrier, id: 'two', wires: [['second']] },
      { id: 'second', type: 'chartwire-step', z: tab.id, once: 10, wires: [['out']] },
      sink('out'),
    ]);
    red.send('first', { payload: 'x' });
    await red.statusOf('second', /^1 message, copies 1$/);
    assert.equal(red.received('out').length, 1);
  });
});
