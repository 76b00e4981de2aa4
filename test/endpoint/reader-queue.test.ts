import assert from 'node:assert/strict';
import { Readers } from '../../src/endpoint/reader-queue.ts';
import type { ReceivedMessage } from '../../src/endpoint/message.ts';

const message = (topic: string): ReceivedMessage => ({ topic, payload: Buffer.alloc(0), from: 'test' });

/** True when the promise has settled once everything that is due has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise(setImmediate);
  return settled;
}

describe('readers of one source', () => {
  it('let messages go when nobody reads', async () => {
    await new Readers().push(message('a'));
  });

  it('each get every message from when they came, in order', async () => {
    const readers = new Readers();
    const first = readers.receive();
    await readers.push(message('a'));
    const second = readers.receive();
    await readers.push(message('b'));
    readers.close();
    const topics = async (reader: AsyncIterable<ReceivedMessage>): Promise<string[]> => {
      const all: string[] = [];
      for await (const { topic } of reader) all.push(topic);
      return all;
    };
    assert.deepEqual([await topics(first), await topics(second)], [['a', 'b'], ['b']]);
  });

  it('make the one who pushes wait above the high-water mark of the slowest, until it has read', async () => {
    const readers = new Readers();
    readers.receive({ highWaterMark: 10 });
    const slow = readers.receive({ highWaterMark: 2 });
    const pushes = ['a', 'b', 'c', 'd'].map((topic) => readers.push(message(topic)));
    assert.deepEqual(await Promise.all(pushes.map(isSettled)), [true, true, false, false]);
    await slow.next();
    assert.deepEqual(await Promise.all(pushes.map(isSettled)), [true, true, false, false]);
    await slow.next();
    assert.deepEqual(await Promise.all(pushes.map(isSettled)), [true, true, true, true]);
  });

  for (const [how, end] of Object.entries({
    'its return': async (reader: AsyncIterator<ReceivedMessage>) => void (await reader.return?.()),
    'its signal': async (_reader: unknown, stop: AbortController) => stop.abort(),
  })) {
    it(`a reader that ends by ${how} lets go of what waits for it`, async () => {
      const readers = new Readers();
      const stop = new AbortController();
      const reader = readers.receive({ highWaterMark: 0, signal: stop.signal });
      const push = readers.push(message('a'));
      assert.equal(await isSettled(push), false);
      await end(reader, stop);
      await push;
      assert.equal(readers.count, 0);
      assert.equal((await reader.next()).done, true);
    });
  }

  it('read what is there after the source has closed, then end', async () => {
    const readers = new Readers();
    const reader = readers.receive({ highWaterMark: 0 });
    const push = readers.push(message('a'));
    readers.close();
    await push;
    assert.equal((await reader.next()).value?.topic, 'a');
    assert.equal((await reader.next()).done, true);
    assert.equal((await readers.receive().next()).done, true);
  });

  it('that wait for a message end when the source closes', async () => {
    const readers = new Readers();
    const waiting = readers.receive().next();
    readers.close();
    assert.equal((await waiting).done, true);
  });

  it('with a signal that fired already are ended', async () => {
    assert.equal((await new Readers().receive({ signal: AbortSignal.abort() }).next()).done, true);
  });
});
