import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import * as fc from 'fast-check';
import RED from 'node-red';
import type { FlowMessage } from '../../../nodes/adapter/message.ts';
import type { pathOf } from '../../../nodes/adapter/fused-path.ts';
import { recorder, startNodeRed, tab, type StoredNode, type TestNodeRed } from '../../support/node-red.ts';
import { idOf, nodesOf, randomFlow, type RandomFlow } from './random-flow.ts';

/** The nodes run from dist/. */
const built = pathToFileURL(join(import.meta.dirname, '../../../dist/nodes/adapter/fused-path.js')).href;
const { pathOf: wires } = (await import(built)) as { pathOf: typeof pathOf };
const fused = (): string[] =>
  wires(RED)
    .filter((wire) => wire.fused)
    .map(({ from, to }) => `${from}>${to}`);
const whyNot = (from: string, to: string): string | undefined =>
  wires(RED).find((wire) => wire.from === from && wire.to === to)?.why;

const z = tab.id;
const script = (id: string, func: string, ...outputs: string[][]): StoredNode => ({
  id,
  type: 'chartwire-script',
  z,
  func,
  outputs: outputs.length,
  wires: outputs,
});
const pass = (id: string, ...to: string[]): StoredNode => script(id, `msg.trail += '>${id}';\nreturn msg;`, to);

describe('nodes of ours in a row', () => {
  let red: TestNodeRed;
  before(async () => {
    red = await startNodeRed({ notes: 'recorders' });
  });
  after(() => red.stop());

  /** Deploys, and waits until direct calls are made. */
  const deploy = async (nodes: readonly StoredNode[], type?: 'nodes'): Promise<void> => {
    await red.deploy(nodes, type);
    await turns(3);
  };

  it('call each other directly', async () => {
    await deploy([tab, pass('a', 'b'), pass('b', 'c'), pass('c', 'end'), recorder('end')]);
    assert.deepEqual(fused(), ['a>b', 'b>c']);
    assert.equal(whyNot('c', 'end'), 'test-recorder is no Chartwire node');
    red.send('a', { trail: '' });
    assert.equal((await red.receivedBy('end', 1))[0]?.['trail'], '>a>b>c');
  });

  it('go through the runtime while something listens to all messages, and call again when it stops', async () => {
    const { hooks } = RED as unknown as {
      hooks: { add(id: string, act: (event: object) => void): void; remove(id: string): void };
    };
    await deploy([tab, pass('a', 'b'), pass('b', 'end'), recorder('end')]);
    let seen = 0;
    hooks.add('onReceive.listener', (_event) => void (seen += 1));
    assert.deepEqual(fused(), []);
    assert.match(whyNot('a', 'b') ?? '', /looks at every message \(hook onReceive\)/);
    red.send('a', { trail: '' });
    await red.receivedBy('end', 1);
    assert.equal(seen, 3);
    hooks.remove('onReceive.listener');
    assert.deepEqual(fused(), ['a>b']);
  });

  it('run in a flow with wires that are no lists, as flows that others published have', async () => {
    const odd = { ...recorder('odd'), wires: ['end'] } as unknown as StoredNode;
    const own = { ...pass('own'), wires: ['end'] } as unknown as StoredNode;
    await deploy([tab, pass('a', 'b'), pass('b', 'end'), recorder('end'), odd, own]);
    assert.deepEqual(fused(), ['a>b']);
    red.send('a', { trail: '' });
    await red.receivedBy('end', 1);
  });

  it('go through the runtime when switched off', async () => {
    process.env['CHARTWIRE_FUSE'] = 'off';
    try {
      await deploy([tab, pass('a', 'b'), pass('b')]);
    } finally {
      delete process.env['CHARTWIRE_FUSE'];
    }
    assert.deepEqual(fused(), []);
    assert.match(whyNot('a', 'b') ?? '', /switched off/);
  });

  it('go through the runtime to a node that turns out to be done later', async () => {
    await deploy([
      tab,
      pass('a', 'b'),
      script('b', 'await null;\nreturn msg;', ['c']),
      pass('c', 'end'),
      recorder('end'),
    ]);
    assert.deepEqual(fused(), ['a>b', 'b>c']);
    red.send('a', { trail: '' });
    await red.receivedBy('end', 1);
    assert.deepEqual(fused(), ['b>c']);
    assert.match(whyNot('a', 'b') ?? '', /done with a message only later/);
  });

  it('tell an error at the node where it happens, with the message, and run on', async () => {
    await deploy([
      tab,
      pass('a', 'b'),
      script('b', 'if (msg.bad) throw new Error("bad");\nreturn msg;', ['end']),
      recorder('end'),
    ]);
    red.send('a', { trail: '', bad: true });
    red.send('a', { trail: '' });
    assert.equal((await red.receivedBy('end', 1)).length, 1);
    assert.ok(red.log.some((line) => line.includes('Error: bad (line 1')));
  });

  it('run in a circle for as long as the flow says, without a growing stack', async () => {
    const count = script('count', 'msg.n += 1;\nreturn msg.n < 50000 ? [msg, null] : [null, msg];', ['back'], ['end']);
    await deploy([tab, pass('a', 'count'), count, pass('back', 'count'), recorder('end')].map(shortTrail));
    red.send('a', { n: 0 });
    assert.equal((await red.receivedBy('end', 1))[0]?.['n'], 50_000);
  });

  it('lose and reorder nothing while a deploy rewires them in mid-stream', async () => {
    const flow = (first: string): StoredNode[] => [
      tab,
      pass('a', first),
      pass('b', 'c'),
      pass('c', 'end'),
      recorder('end'),
    ];
    await deploy(flow('b'));
    let sent = 0;
    const stream = async (until: Promise<void>): Promise<void> => {
      const state = { going: true };
      void until.finally(() => (state.going = false));
      while (state.going) {
        for (let burst = 0; burst < 3; burst += 1) red.send('a', { trail: '', n: (sent += 1) });
        await turn();
      }
    };
    for (const first of ['c', 'b', 'c', 'b']) await stream(deploy(flow(first), 'nodes'));
    await stream(turns(5));
    const seen = (await red.receivedBy('end', sent)).map(({ n }) => n);
    // Over the short wire a message may be faster than one before it over the long one; on each way the order holds.
    for (const trail of ['>a>b>c', '>a>c']) {
      const order = red
        .received('end')
        .filter((message) => message['trail'] === trail)
        .map(({ n }) => Number(n));
      assert.deepEqual(
        order,
        order.toSorted((left, right) => left - right),
      );
    }
    assert.deepEqual(new Set(seen), new Set(Array.from({ length: sent }, (_, index) => index + 1)));
  });

  it('do in any flow what they do without direct calls', async function () {
    this.timeout(300_000);
    const enoughAt = performance.now() + 60_000;
    let direct = 0;
    const tried = new Map<string, number>();
    const run = async (flow: RandomFlow): Promise<Readonly<Record<string, unknown>>> => {
      const nodes = nodesOf(flow);
      await deploy(nodes);
      direct += fused().length;
      for (const what of triedWith(flow, nodes)) tried.set(what, (tried.get(what) ?? 0) + 1);
      feed(red, 0);
      // The stream goes on during a deploy that changes nothing on its way.
      const deployed = red.deploy([...nodes, { id: 'aside', type: 'chartwire-step', z, wires: [] }], 'nodes');
      feed(red, 12);
      await deployed;
      feed(red, 24);
      await quiet(red, nodes);
      return outcome(red, nodes);
    };
    await fc.assert(
      fc.asyncProperty(randomFlow, async (flow) => {
        // Fewer flows on a slow machine. To interrupt one would leave it running under the next test.
        if (performance.now() > enoughAt && tried.size === TRIED.length && direct > 100) return;
        const ours = await run(flow);
        process.env['CHARTWIRE_FUSE'] = 'off';
        try {
          assert.deepEqual(ours, await run(flow));
        } finally {
          delete process.env['CHARTWIRE_FUSE'];
        }
      }),
      { numRuns: 300 },
    );
    assert.ok(direct > 100, `only ${direct} direct calls were tried`);
    const never = TRIED.filter((what) => !tried.has(what));
    assert.deepEqual(never, [], 'no flow had direct calls together with these');
  });

  it('call each other in a subflow and out of it, and beside a node that is not ours', async () => {
    await deploy([
      tab,
      {
        id: 'sub',
        type: 'subflow',
        name: 'sub',
        in: [{ wires: [{ id: 'x' }] }],
        out: [{ wires: [{ id: 'y', port: 0 }] }],
      },
      { ...pass('x', 'y'), z: 'sub' },
      { ...pass('y'), z: 'sub', wires: [[]] },
      { id: 'use', type: 'subflow:sub', z, wires: [['a']] },
      pass('a', 'b', 'end'),
      pass('b', 'end2'),
      recorder('end'),
      recorder('end2'),
    ]);
    const inside = wires(RED).filter((wire) => wire.fused && wire.from !== 'a');
    assert.deepEqual(
      inside.map(({ to }) => (to === 'a' ? 'out' : 'in')),
      ['in', 'out'],
    );
    assert.ok(fused().includes('a>b'));
    red.send('use', { trail: '', list: [1] });
    const [beside] = await red.receivedBy('end', 1);
    const [called] = await red.receivedBy('end2', 1);
    assert.equal(beside?.['trail'], '>x>y>a');
    assert.equal(called?.['trail'], '>x>y>a>b');
    assert.notEqual(beside?.['list'], called?.['list']);
  });

  it('call each other through junctions, links and into subflows', async () => {
    await deploy([
      tab,
      {
        id: 'sub',
        type: 'subflow',
        name: 'sub',
        in: [{ wires: [{ id: 'x' }] }],
        out: [{ wires: [{ id: 'x', port: 0 }] }],
      },
      { ...pass('x'), z: 'sub', wires: [[]] },
      pass('a', 'j'),
      { id: 'j', type: 'junction', z, wires: [['b', 'out']] },
      pass('b', 'end'),
      { id: 'out', type: 'link out', z, mode: 'link', links: ['in'], wires: [] },
      { id: 'in', type: 'link in', z, links: ['out'], wires: [['use']] },
      { id: 'use', type: 'subflow:sub', z, wires: [['c']] },
      pass('c', 'end2'),
      recorder('end'),
      recorder('end2'),
    ]);
    const through = fused().filter((wire) => !wire.includes('x') && !/^use>|>c$/.test(wire));
    assert.deepEqual(through.toSorted(), ['a>j', 'in>use', 'j>b', 'j>out', 'out>in']);
    assert.equal(fused().length, 7);
    red.send('a', { trail: '', list: [1] });
    const [near] = await red.receivedBy('end', 1);
    const [far] = await red.receivedBy('end2', 1);
    assert.equal(near?.['trail'], '>a>b');
    assert.equal(far?.['trail'], '>a>x>c');
    assert.equal(far?.['_event'], 'node:out');
    assert.notEqual(near?.['list'], far?.['list']);
  });

  it('go through the runtime from a node that goes on with what it has sent', async () => {
    await deploy([
      tab,
      script('a', 'node.send(msg, false);\nmsg.trail += "!";', ['b']),
      pass('b', 'end'),
      recorder('end'),
    ]);
    assert.deepEqual(fused(), ['a>b']);
    red.send('a', { trail: '' });
    assert.equal((await red.receivedBy('end', 1))[0]?.['trail'], '!>b');
    assert.deepEqual(fused(), []);
    assert.match(whyNot('a', 'b') ?? '', /goes on with messages it has sent/);
  });
});

const TRIED = [
  'subflow',
  'mixed',
  'catch',
  'status',
  'complete',
  'all of the tab',
  'link',
  'junction',
  'counter',
  'thrower',
];

/** What stands in a flow beside direct calls. */
function triedWith({ cells, watchers }: RandomFlow, nodes: readonly StoredNode[]): Set<string> {
  const stored = new Set(nodes.map(({ id }) => id));
  const called = wires(RED).filter((wire) => wire.fused);
  if (called.length === 0) return new Set();
  const isMixed = called.some((one) =>
    wires(RED).some((other) => !other.fused && other.from === one.from && other.port === one.port),
  );
  return new Set([
    ...cells.map(({ kind }) => kind).filter((kind) => kind !== 'subflow'),
    ...watchers.flatMap(({ kind, scope }) => (scope.length === 0 ? [kind, 'all of the tab'] : [kind])),
    ...(isMixed ? ['mixed'] : []),
    ...(called.some(({ from }) => !stored.has(from)) ? ['subflow'] : []),
  ]);
}

const shortTrail = (node: StoredNode): StoredNode =>
  node.type === 'chartwire-script' && String(node['func']).includes('trail') ? { ...node, func: 'return msg;' } : node;

function feed(red: TestNodeRed, from: number): void {
  for (let n = from; n < from + 12; n += 1) red.send(idOf(0), { _msgid: `m${n}`, n: n % 12, text: 'foo', trail: '' });
}

async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await turn();
}

/** Nothing has arrived anywhere for longer than any way through the flow takes. */
async function quiet(red: TestNodeRed, nodes: readonly StoredNode[]): Promise<void> {
  const arrived = (): number => nodes.reduce((sum, { id }) => sum + red.received(id).length, 0);
  for (let before = -1; before !== arrived();) {
    before = arrived();
    await turns(150);
  }
}

/** What came to each recorder, in order for each way that leads there; and the counts in the context. */
function outcome(red: TestNodeRed, nodes: readonly StoredNode[]): Readonly<Record<string, unknown>> {
  const ways: Record<string, unknown[]> = {};
  for (const { id, type } of nodes) {
    if (type !== 'test-recorder') continue;
    for (const message of red.received(id)) (ways[`${id} ${wayOf(message)}`] ??= []).push(told(message));
  }
  return ways;
}

function wayOf({ trail, error, status, complete }: FlowMessage): string {
  const source = [error, status, complete].map(
    (part) => (part as { source?: { id?: string } } | undefined)?.source?.id ?? '',
  );
  const way = (status as { way?: string } | undefined)?.way ?? '';
  return [String(trail), way, ...source].join(' ');
}

/** Without what differs from run to run: ids that Node-RED makes, and stacks. */
function told({ _msgid, _event, error, ...message }: FlowMessage): unknown {
  const { message: text, source } = (error ?? {}) as { message?: unknown; source?: unknown };
  return JSON.parse(
    JSON.stringify({ ...message, id: String(_msgid).startsWith('m') ? _msgid : '', text2: text, source }),
  );
}
