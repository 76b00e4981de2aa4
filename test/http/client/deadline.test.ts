import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Deadline } from '../../../src/http/client/deadline.ts';

const begin = (afterMs: number, act: () => void): Deadline => new Deadline(afterMs, act);

/** Resolves with what happened, when as much has. */
async function until(happened: readonly string[], count: number): Promise<readonly string[]> {
  while (happened.length < count) await pause(1);
  return happened;
}

describe('a deadline', () => {
  it('comes in the order of its time, whatever its length', async () => {
    const happened: string[] = [];
    for (const [name, afterMs] of [
      ['late', 60],
      ['early', 5],
      ['soon', 30],
      ['early too', 5],
    ] as const) {
      begin(afterMs, () => happened.push(name));
    }
    assert.deepEqual(await until(happened, 4), ['early', 'early too', 'soon', 'late']);
  });

  it('never comes before its time', async () => {
    const begun = performance.now();
    const happened: string[] = [];
    begin(20, () => happened.push('over'));
    await until(happened, 1);
    assert.ok(performance.now() - begun >= 20);
  });

  it('does not come when it was stopped, from whatever place in its line', async () => {
    for (const stopped of [0, 1, 2]) {
      const happened: string[] = [];
      const all = ['first', 'second', 'third'].map((name) => begin(10, () => happened.push(name)));
      all[stopped]?.stop();
      all[stopped]?.stop();
      begin(20, () => happened.push('end'));
      assert.deepEqual(
        await until(happened, 3),
        ['first', 'second', 'third', 'end'].filter((_, at) => at !== stopped),
      );
    }
  });

  it('begins anew behind those that came since, and not once it is over or stopped', async () => {
    const happened: string[] = [];
    const first = begin(10, () => happened.push('first'));
    begin(10, () => happened.push('second'));
    const stopped = begin(10, () => happened.push('stopped'));
    first.again();
    stopped.stop();
    stopped.again();
    assert.deepEqual(await until(happened, 2), ['second', 'first']);
    first.again();
    begin(20, () => happened.push('end'));
    assert.deepEqual(await until(happened, 3), ['second', 'first', 'end']);
  });

  it('can be set and stopped while another comes', async () => {
    const happened: string[] = [];
    const victim: { deadline?: Deadline } = {};
    begin(10, () => {
      happened.push('first');
      victim.deadline?.stop();
      begin(10, () => happened.push('next'));
    });
    victim.deadline = begin(10, () => happened.push('victim'));
    assert.deepEqual(await until(happened, 2), ['first', 'next']);
  });
});
