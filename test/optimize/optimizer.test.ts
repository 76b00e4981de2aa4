import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createChooser, type Chooser } from '../../src/choose/chooser.ts';
import { changePolicy } from '../../src/choose/policy.ts';
import { fileLogStore } from '../../src/optimize/experiment-log.ts';
import { openOptimizer, type Optimizer, type OptimizerSettings } from '../../src/optimize/optimizer.ts';
import { reading } from '../choose/branches.ts';

describe('optimizer', () => {
  let folder: string;
  let file: string;
  let chooser: Chooser;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chartwire-optimizer-'));
    file = join(folder, 'log.json');
    chooser = createChooser();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (some: Partial<OptimizerSettings> = {}): Promise<Optimizer> =>
    openOptimizer({ holder: chooser, store: fileLogStore(file), allowed: () => true, ...some });

  it('proposes and changes nothing while it is not allowed', async () => {
    const optimizer = await open({ allowed: () => false });
    await run(optimizer, seconds(0, 120), 20);
    assert.equal(optimizer.state.name, 'proposed');
    assert.deepEqual([chooser.policy.version, optimizer.log.length], [1, 0]);
  });

  it('applies what is proposed by the word of the user', async () => {
    const optimizer = await open({ allowed: () => false });
    assert.equal(optimizer.accept(), 'nothing is proposed');
    await run(optimizer, seconds(0, 40), 20);
    assert.equal(optimizer.accept(), undefined);
    assert.deepEqual([optimizer.state.name, chooser.policy.latencyWeight, chooser.policy.version], ['trying', 4.5, 2]);
  });

  it('does not apply a proposal made for another policy', async () => {
    const optimizer = await open({ allowed: () => false });
    await run(optimizer, seconds(0, 40), 20);
    chooser.setPolicy(changePolicy(chooser.policy, { latencyWeight: 8 }));
    assert.equal(optimizer.accept(), 'latencyWeight was changed meanwhile');
    assert.equal(chooser.policy.latencyWeight, 8);
  });

  it('keeps a change that made things better, and remembers before and after', async () => {
    const optimizer = await open();
    await run(optimizer, seconds(0, 30), 20);
    assert.equal(optimizer.state.name, 'trying');
    await run(optimizer, seconds(31, 90), 4);
    const [entry] = optimizer.log;
    assert.ok(entry?.after !== undefined);
    assert.deepEqual([entry.outcome, entry.because], ['kept', 'better: p99 11 ms before, p99 3 ms after']);
    assert.deepEqual([Math.round(entry.before.p99Ms), Math.round(entry.after.p99Ms)], [11, 3]);
    assert.equal(chooser.policy.latencyWeight, 4.5);
  });

  it('takes back a change that did not help, and does not try it again soon', async () => {
    const optimizer = await open();
    await run(optimizer, seconds(0, 30), 20);
    await run(optimizer, seconds(31, 81), 20);
    assert.deepEqual([optimizer.log[0]?.outcome, chooser.policy.latencyWeight], ['reverted', 3]);
    await run(optimizer, seconds(82, 130), 20);
    assert.ok(optimizer.state.name === 'trying');
    assert.equal(optimizer.state.proposal.change.field, 'http2Bias');
  });

  it('leaves alone what somebody else changed meanwhile', async () => {
    const optimizer = await open();
    await run(optimizer, seconds(0, 30), 20);
    chooser.setPolicy(changePolicy(chooser.policy, { latencyWeight: 9 }));
    await run(optimizer, [31], 20);
    assert.deepEqual([optimizer.log[0]?.outcome, chooser.policy.latencyWeight], ['abandoned', 9]);
  });

  it('takes a change back when too few messages come to judge it', async () => {
    const optimizer = await open();
    await run(optimizer, seconds(0, 30), 20);
    for (const second of [31, 300, 600, 700])
      await optimizer.take({ at: second * 1_000, readings: readingsAt(31, 20) });
    const [entry] = optimizer.log;
    assert.deepEqual([entry?.outcome, entry?.after, chooser.policy.latencyWeight], ['abandoned', undefined, 3]);
  });

  it('proposes nothing from fewer messages than it needs', async () => {
    const optimizer = await open({ minSamples: 100_000 });
    await run(optimizer, seconds(0, 120), 20);
    assert.equal(optimizer.state.name, 'watching');
  });

  it('forgets what was measured under a former policy', async () => {
    const optimizer = await open({ allowed: () => false });
    await run(optimizer, seconds(0, 25), 20);
    chooser.setPolicy(changePolicy(chooser.policy, { pushWeight: 2 }));
    await run(optimizer, seconds(26, 50), 20);
    assert.equal(optimizer.state.name, 'watching');
    await run(optimizer, seconds(51, 60), 20);
    assert.equal(optimizer.state.name, 'proposed');
  });

  it('remembers its experiments over a restart, readable by the owner only', async () => {
    const first = await open();
    await run(first, seconds(0, 30), 20);
    await run(first, seconds(31, 81), 20);
    assert.deepEqual((await open()).log, first.log);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder), ['log.json']);
  });

  it('keeps the last 100 experiments', async () => {
    const optimizer = await open();
    await run(optimizer, seconds(0, 30), 20);
    await run(optimizer, seconds(31, 81), 20);
    const [entry] = optimizer.log;
    await writeFile(
      file,
      JSON.stringify(Array.from({ length: 250 }, (_, index) => ({ ...entry, because: String(index) }))),
    );
    const again = await open();
    assert.deepEqual([again.log.length, again.log[0]?.because], [100, '150']);
    chooser = createChooser();
    const other = await open();
    await run(other, seconds(0, 30), 20);
    await run(other, seconds(31, 81), 20);
    assert.deepEqual([other.log.length, JSON.parse(await readFile(file, 'utf8')).length], [100, 100]);
  });

  for (const damaged of ['', '{', '{"log":1}', '[1,null,{}]']) {
    it(`starts with an empty log when the file holds ${JSON.stringify(damaged)}`, async () => {
      await writeFile(file, damaged);
      assert.deepEqual((await open()).log, []);
    });
  }

  it('tells the caller when the log cannot be stored, and goes on', async () => {
    await writeFile(file, 'a file where the folder of the log belongs');
    const optimizer = await open({ store: fileLogStore(join(file, 'deeper', 'log.json')) });
    await run(optimizer, seconds(0, 30), 20);
    await assert.rejects(run(optimizer, seconds(31, 81), 20), { code: 'ENOTDIR' });
    assert.equal(optimizer.state.name, 'watching');
    assert.equal(optimizer.log.length, 1);
  });
});

function seconds(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** One snapshot a second: MQTT steady at 2 ms, HTTP at the given latency, each with 20 messages a second. */
async function run(optimizer: Optimizer, at: readonly number[], httpP99Ms: number): Promise<void> {
  for (const second of at) await optimizer.take({ at: second * 1_000, readings: readingsAt(second, httpP99Ms) });
}

function readingsAt(second: number, httpP99Ms: number) {
  const count = 20 * second;
  const counts = { sent: count, received: count, bytes: count * 100 };
  return [reading('mqtt', { ...counts, latencyP99Ms: 2 }), reading('http2', { ...counts, latencyP99Ms: httpP99Ms })];
}
