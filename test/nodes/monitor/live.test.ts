import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import RED from 'node-red';
import type { flowCounters as Counters } from '../../../nodes/host/flow-counters.ts';
import type { Live as LiveClass } from '../../../nodes/monitor/live.ts';
import type { LiveReading, LiveWire } from '../../../src/metrics/live-reading.ts';
import { code, recorder, startNodeRed, tab, type TestNodeRed } from '../../support/node-red.ts';
import { waitFor } from '../../support/wait-for.ts';

/** The nodes run from dist/, and are counted there. */
const built = (file: string): Promise<unknown> =>
  import(pathToFileURL(join(import.meta.dirname, '../../../dist/nodes', file)).href);
const { flowCounters } = (await built('host/flow-counters.js')) as { flowCounters: typeof Counters };
const { Live } = (await built('monitor/live.js')) as { Live: typeof LiveClass };

const z = tab.id;
const FUNC = 'if (msg.bad) throw new Error("bad");\nreturn msg;';
const flow = [
  tab,
  code('ours', 'chartwire-script', FUNC, ['ours2', 'junction']),
  { id: 'junction', type: 'junction', z, x: 0, y: 0, wires: [['behind']] },
  code('behind', 'chartwire-script', FUNC, []),
  code('ours2', 'chartwire-script', FUNC, ['theirs']),
  code('theirs', 'function', FUNC, ['slow']),
  {
    id: 'slow',
    type: 'delay',
    z,
    pauseType: 'delay',
    timeout: '60',
    timeoutUnits: 'seconds',
    outputs: 1,
    wires: [['end']],
  },
  recorder('end'),
];

describe('the live view of a flow', () => {
  let red: TestNodeRed;
  let counters: ReturnType<typeof Counters>;
  let live: LiveClass;
  before(async () => {
    red = await startNodeRed({ notes: 'recorders' });
    counters = flowCounters(RED as never);
    live = new Live(RED, counters, () => undefined, { everyMs: 100, idleAfterMs: 1_000 });
    await red.deploy(flow);
  });
  after(async () => {
    live?.stop();
    counters?.close();
    await red?.stop();
  });

  /** Sends and reads until a reading fits. */
  const readingOf = async (message: object, fits: (reading: LiveReading) => boolean): Promise<LiveReading> => {
    const look = (): LiveReading | undefined => {
      for (let sent = 0; sent < 5; sent += 1) red.send('ours', { payload: 'x'.repeat(50), ...message });
      const reading = live.read();
      return fits(reading) ? reading : undefined;
    };
    return waitFor('such a reading', look, { withinMs: 50_000, everyMs: 20 });
  };
  const wire = (reading: LiveReading, from: string, to: string): LiveWire | undefined =>
    reading.wires.find((one) => one.from === from && one.to === to);

  it('has a rate, times and bytes for every wire, be its nodes ours or not', async () => {
    const known = (reading: LiveReading): boolean =>
      [wire(reading, 'ours', 'ours2'), wire(reading, 'ours2', 'theirs')].every(
        (one) => one !== undefined && one.perSecond > 0 && one.p99Ms !== undefined && one.bytesPerSecond > 0,
      );
    const reading = await readingOf({}, known);
    const { perSecond = 0, bytesPerSecond = 0, loss } = wire(reading, 'ours2', 'theirs') ?? {};
    assert.equal(Math.round(bytesPerSecond / perSecond), 50);
    assert.equal(loss, 0);
    assert.ok((reading.nodes['theirs']?.in ?? 0) > 0);
    assert.ok((reading.nodes['ours2']?.out ?? 0) > 0);
  });

  it('has them too for wires at a junction, which direct calls go past', async () => {
    const known = (reading: LiveReading): boolean =>
      [wire(reading, 'ours', 'junction'), wire(reading, 'junction', 'behind')].every(
        (one) => one !== undefined && one.perSecond > 0 && one.p99Ms !== undefined,
      );
    const reading = await readingOf({}, known);
    assert.deepEqual(reading.wires.map(({ loss }) => loss).filter(Boolean), []);
  });

  it('shows errors at the node where they happen, and as loss on the wire that led there', async () => {
    const reading = await readingOf({ bad: true }, ({ nodes }) => (nodes['ours']?.errors ?? 0) > 0);
    assert.equal(reading.nodes['ours2']?.errors, 0);
    await red.deploy(flow.map((node) => (node.id === 'ours' ? { ...node, func: 'return msg;' } : node)));
    const lossy = await readingOf({ bad: true }, (one) => (wire(one, 'ours', 'ours2')?.loss ?? 0) > 0);
    assert.equal(wire(lossy, 'ours', 'ours2')?.loss, 1);
  });

  it('times the handling by nodes of others to the end that they tell', async () => {
    await red.deploy([
      tab,
      code('ours', 'chartwire-script', 'return msg;', ['wait']),
      code('wait', 'function', 'setTimeout(() => { node.send(msg); node.done(); }, 30);', ['end']),
      recorder('end'),
    ]);
    const reading = await readingOf({}, (one) => wire(one, 'ours', 'wait')?.p50Ms !== undefined);
    // A timer of Node.js may fire a little early by this clock.
    assert.ok((wire(reading, 'ours', 'wait')?.p50Ms ?? 0) > 20);
  });

  it('has the time at each of two nodes that hold one message at once', async () => {
    // The second is done before the first, which hands on the very message that it took.
    await red.deploy([
      tab,
      code('ours', 'chartwire-script', 'return msg;', ['first']),
      code('first', 'function', 'node.send(msg, false); setTimeout(() => node.done(), 60);', ['second']),
      code('second', 'function', 'node.done();', []),
    ]);
    const times = (one: LiveReading): (number | undefined)[] => [
      wire(one, 'ours', 'first')?.p50Ms,
      wire(one, 'first', 'second')?.p50Ms,
    ];
    const reading = await readingOf({}, (one) => times(one).every((time) => time !== undefined));
    assert.ok((times(reading)[0] ?? 0) > 40, JSON.stringify(times(reading)));
  });

  for (const [how, func] of Object.entries({
    'throw it': 'throw new Error("bad");',
    'tell it': 'node.error("bad", msg); node.done();',
    'are done with it': 'node.done(new Error("bad"));',
  })) {
    it(`shows what nodes of others fail as loss on the wire that led there, when they ${how}`, async () => {
      await red.deploy([
        tab,
        code('ours', 'chartwire-script', 'return msg;', ['fails']),
        code('fails', 'function', func, []),
      ]);
      const reading = await readingOf({}, (one) => (wire(one, 'ours', 'fails')?.loss ?? 0) > 0);
      assert.equal(wire(reading, 'ours', 'fails')?.loss, 1);
      assert.ok((reading.nodes['fails']?.errors ?? 0) > 0);
    });
  }

  it('stops looking when nobody asks any more, and begins again when somebody does', async () => {
    live.read();
    assert.equal(live.looks, true);
    await waitFor('it to stop', () => (live.looks ? undefined : true));
    assert.ok([...counters.all()].every(({ look }) => look === undefined));
    assert.equal(live.read().at, 0);
    await waitFor('a reading', () => (live.read().at > 0 ? true : undefined));
  });
});
