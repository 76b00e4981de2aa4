import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../../src/fleet/digest.ts';
import { type RunnerProcess, startRunner } from '../../src/fleet/edge/runner-process.ts';
import { badFlows, functionNode, tickingFlow } from './release-samples.ts';

const SOAK_MS = 500;
const good = JSON.stringify(tickingFlow('good'));

describe('The runner', () => {
  let folder: string;
  let runner: RunnerProcess;
  const lines: string[] = [];
  const life = new AbortController();

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chartwire-runner-'));
    runner = await startRunner({
      signal: life.signal,
      folder,
      log: (_, text) => lines.push(text),
      answerTimeoutMs: 60_000,
    });
  });
  beforeEach(async () => assert.equal(await runner.run(good, 0), undefined));
  after(async () => {
    await runner.kill();
    rmSync(folder, { recursive: true });
  });

  it('runs flows and names the revision the live runtime runs, keeping nothing of it on disk', async () => {
    assert.equal(await runner.run(good, SOAK_MS), undefined);
    assert.equal(await runner.running(), digestOf(good));
    assert.deepEqual(readdirSync(folder), ['package.json']);
  });

  for (const what of ['has a missing node type', 'has a syntax error'] as const) {
    it(`says before it touches anything that a flow ${what}`, async () => {
      assert.match((await runner.check(JSON.stringify(badFlows[what])))!, /no-such-type|"broken".*SyntaxError/);
      assert.equal(await runner.running(), digestOf(good));
    });
  }

  it('finds nothing wrong with a good flow', async () => {
    assert.equal(await runner.check(good), undefined);
  });

  it('says which node threw at its start, and can go back', async () => {
    assert.match((await runner.run(JSON.stringify(badFlows['throws at start']), SOAK_MS))!, /"broken".*no such sensor/);
    assert.equal(await runner.run(good, SOAK_MS), undefined);
    assert.equal(await runner.running(), digestOf(good));
  });

  it('says it when the runtime runs nothing for want of a type', async () => {
    assert.match((await runner.run(JSON.stringify(badFlows['has a missing node type']), SOAK_MS))!, /no-such-type/);
    assert.equal(await runner.running(), null);
  });

  it('gives a flow nothing of the environment of its supervisor', async () => {
    process.env['CHARTWIRE_TEST_SECRET'] = 'secret';
    const asks = functionNode('asks', 'return msg;', "if (env.get('CHARTWIRE_TEST_SECRET')) throw new Error('seen');");
    assert.equal(await runner.run(JSON.stringify([...tickingFlow('env'), asks]), SOAK_MS), undefined);
    delete process.env['CHARTWIRE_TEST_SECRET'];
  });

  describe('that dies', () => {
    let mortal: RunnerProcess;
    const start = async (more: { readonly answerTimeoutMs?: number } = {}): Promise<void> => {
      mortal = await startRunner({ signal: life.signal, folder, log: () => {}, ...more });
    };
    afterEach(() => mortal.kill());

    it('by a crash after the start says why', async () => {
      await start({ answerTimeoutMs: 60_000 });
      const problem = await mortal.run(JSON.stringify(badFlows['crashes a moment after its start']), SOAK_MS);
      assert.match(problem!, /crashed.*lost the sensor/);
      assert.match(await mortal.ended, /lost the sensor/);
    });

    it('in an endless loop is killed', async () => {
      await start({ answerTimeoutMs: 1000 });
      const loop = functionNode('loop', 'return msg;', 'for (;;) {}');
      assert.match((await mortal.run(JSON.stringify([...tickingFlow('loop'), loop]), SOAK_MS))!, /did not answer/);
    });
  });
});
