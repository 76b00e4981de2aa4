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

  it('takes no long flush for a pause: what comes right after it waits for what follows', async () => {
    let now = 5;
    const queue = new FlushQueue('adaptive', () => now);
    let flushes = 0;
    const slow = {
      flush: () => {
        flushes += 1;
        now += 4;
      },
    };
    queue.add(slow);
    await Promise.resolve();
    assert.equal(flushes, 1);
    queue.add(slow);
    await Promise.resolve();
    assert.equal(flushes, 1);
    queue.add(slow);
    await nextTurn();
    assert.equal(flushes, 3);
    now += 1;
    queue.add(slow);
    await Promise.resolve();
    assert.equal(flushes, 4);
  });

  it('lets acknowledgements leave with the message that follows from what was read', async () => {
    const queue = new FlushQueue('adaptive', () => 5);
    let flushes = 0;
    const writer = { flush: () => (flushes += 1) };
    queue.add(writer, true);
    queue.flushRead(1);
    await Promise.resolve();
    assert.equal(flushes, 0, 'nobody waits for them');
    // As the runtime hands a message on.
    await nextTurn();
    assert.equal(flushes, 1);
    queue.add(writer, true);
    queue.add(writer);
    queue.flushRead(1);
    assert.equal(flushes, 3, 'a message that was published while reading takes them along');
  });

  it('takes the first of several messages that were read for no lonely one', async () => {
    let now = 5;
    const queue = new FlushQueue('adaptive', () => now);
    let flushes = 0;
    const writer = { flush: () => (flushes += 1) };
    queue.flushRead(2);
    queue.add(writer);
    await Promise.resolve();
    assert.equal(flushes, 0);
    await nextTurn();
    now = 9;
    queue.flushRead(1);
    queue.add(writer);
    await Promise.resolve();
    assert.equal(flushes, 2);
  });
});
