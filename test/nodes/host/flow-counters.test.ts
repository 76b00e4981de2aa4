import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import RED from 'node-red';
import type { FlowCounters as Counters } from '../../../nodes/host/flow-counters.ts';
import { code, recorder, startNodeRed, tab, type TestNodeRed } from '../../support/node-red.ts';

/** The nodes run from dist/, and count there. */
const built = pathToFileURL(join(import.meta.dirname, '../../../dist/nodes/host/flow-counters.js')).href;
const { FlowCounters } = (await import(built)) as { FlowCounters: typeof Counters };

const z = tab.id;
const FUNC = 'if (msg.bad) throw new Error("bad");\nreturn [[msg, { again: true }], msg];';
const flow = [
  tab,
  code('ours', 'chartwire-script', FUNC, ['theirs'], ['end', 'end2']),
  code('theirs', 'function', FUNC, ['next'], ['end', 'end2']),
  code('next', 'chartwire-script', 'return msg;', ['end']),
  recorder('end'),
  recorder('end2'),
];

describe('the counts of a flow', () => {
  let red: TestNodeRed;
  let counters: Counters;
  before(async () => {
    red = await startNodeRed({ notes: 'recorders' });
    counters = new FlowCounters(RED as never);
  });
  after(async () => {
    counters.close();
    await red.stop();
  });

  const counts = (id: string): readonly number[] => {
    const { received, sent, errors } = counters.node(id);
    return [received, sent, errors];
  };
  const foreign = (id: string): object =>
    (RED as unknown as { nodes: { getNode(id: string): object } }).nodes.getNode(id);
  const deploy = async (): Promise<void> => {
    await red.deploy(flow);
    await turn();
    await turn();
  };

  it('are the same at nodes of ours and of others: received, sent over every wire, and errors', async () => {
    await deploy();
    red.send('ours', {});
    red.send('ours', { bad: true });
    await red.receivedBy('end', 1 + 2 + 4);
    assert.deepEqual(counts('ours'), [2, 4, 1]);
    assert.deepEqual(counts('theirs'), [2, 8, 0]);
    assert.deepEqual([counters.sent('ours', 0), counters.sent('ours', 1)], [2, 1]);
    assert.deepEqual([counters.sent('theirs', 0), counters.sent('theirs', 1)], [4, 2]);
    assert.deepEqual(counts('next'), [4, 4, 0]);
    assert.equal(counts('end')[0], red.received('end').length);
    red.send('theirs', { bad: true });
    while (counts('theirs')[2] === 0) await turn();
    assert.deepEqual(counts('theirs'), [3, 8, 1]);
  });

  it('hold what nodes of ours send past a junction', async () => {
    await red.deploy([
      tab,
      code('a', 'chartwire-script', 'return msg;', ['j']),
      { id: 'j', type: 'junction', z, wires: [['b', 'end']] },
      code('b', 'chartwire-script', 'return msg;', ['end']),
      recorder('end'),
    ]);
    for (let turns = 0; turns < 4; turns += 1) await turn();
    red.send('a', {});
    red.send('j', {});
    await red.receivedBy('end', 4);
    assert.deepEqual(counts('j'), [2, 4, 0]);
    assert.deepEqual(counts('b'), [2, 2, 0]);
  });

  it('begin anew with each deploy, and stop nothing from fusing', async () => {
    await deploy();
    assert.deepEqual(counts('ours'), [0, 0, 0]);
    assert.deepEqual(counts('theirs'), [0, 0, 0]);
    const { hooks } = RED as unknown as { hooks: { has(name: string): boolean } };
    assert.ok(['onSend', 'onReceive', 'onComplete'].every((name) => !hooks.has(name)));
  });

  it('begin anew at a node that outlives a deploy, and fit the wires it has then', async () => {
    await deploy();
    const node = foreign('theirs');
    await red.deploy(
      flow.map((one) => (one.id === 'theirs' ? { ...one, wires: [['next'], ['end', 'end2', 'next']] } : one)),
      'nodes',
    );
    assert.equal(foreign('theirs'), node, 'it is the same node');
    red.send('theirs', {});
    while (counts('next')[0] !== 3) await turn();
    assert.deepEqual(counts('theirs'), [1, 5, 0]);
  });

  it('hold failures of nodes of others however they tell of them, each once', async () => {
    await red.deploy([
      tab,
      code('thrown', 'function', 'throw new Error("bad");', []),
      code('told', 'function', 'node.error("bad", msg);', []),
      code('noted', 'function', 'node.error("only a line in the log");', []),
      recorder('end'),
    ]);
    for (const id of ['thrown', 'told', 'noted']) red.send(id, {});
    while (['thrown', 'told', 'noted'].some((id) => counts(id)[0] === 0)) await turn();
    for (let turns = 0; turns < 4; turns += 1) await turn();
    assert.deepEqual(
      ['thrown', 'told', 'noted'].map((id) => counts(id)[2]),
      [1, 1, 0],
    );
  });

  it('leave nothing behind at a node of somebody else when they end', async () => {
    await deploy();
    const node = foreign('theirs');
    const own = (): string[] =>
      ['error', 'metric', 'send'].filter((name) => Reflect.get(node, name) !== original(name));
    const original = (name: string): unknown => Reflect.get(Object.getPrototypeOf(node) as object, name);
    assert.deepEqual(own(), ['error', 'metric', 'send']);
    counters.close();
    assert.deepEqual(own(), []);
  });
});

describe('the counts of a flow whose log wants metrics', () => {
  it('are the same, and the log has every record that it has without them', async () => {
    const records: { event?: string; nodeid?: string }[] = [];
    const handler = () => (record: object) => records.push(record);
    const logging = { console: { level: 'off' }, test: { level: 'off', metrics: true, audit: false, handler } };
    await using red = await startNodeRed({ notes: 'recorders', settings: { logging } });
    const counters = new FlowCounters(RED as never);
    try {
      await red.deploy([tab, code('theirs', 'function', 'return msg;', ['end']), recorder('end')]);
      await turn();
      red.send('theirs', {});
      await red.receivedBy('end', 1);
      const { received, sent } = counters.node('theirs');
      assert.deepEqual([received, sent], [1, 1]);
      const of = (id: string): unknown[] => records.filter(({ nodeid }) => nodeid === id).map(({ event }) => event);
      assert.deepEqual(of('theirs'), [
        'node.function.receive',
        'node.function.send',
        'node.function.done',
        'node.function.duration',
      ]);
    } finally {
      counters.close();
    }
  });
});
