import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { FlushQueue } from '../../src/wire/flush-queue.ts';

describe('a queue of writers that adapts', () => {
  it('flushes the first batch after a pause at once, and what follows closely after all that is readable', async () => {
    let now = 5;
    const queue = new FlushQueue('adaptive', () => now);
    const flushed: string[] = [];
    const add = (name: string): void => queue.add({ flush: () => flushed.push(name) });
    const turn = async (name: string): Promise<string[]> => {
      add(name);
      await Promise.resolve();
      return flushed.splice(0);
    };
    assert.deepEqual(await turn('first'), ['first']);
    now = 5.1;
    assert.deepEqual(await turn('close'), []);
    assert.deepEqual(await turn('with it'), []);
    await nextTurn();
    assert.deepEqual(flushed.splice(0), ['close', 'with it']);
    now = 9;
    assert.deepEqual(await turn('after a pause'), ['after a pause']);
  });
});
