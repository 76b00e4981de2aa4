import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '../../support/wait-for.ts';
import type { MemoryFacts, MemoryQuestion, MemorySettings } from './memory-process.ts';
import { RawClient, rawFrame } from './world.ts';

const MIB = 1_048_576;
const LIMIT = 1_048_576;
/** Buffers that are used again, and what is given to the streams. All that is sent comes to far more. */
const BREATH_BYTES = 16 * MIB;
const BROADCASTS = 20_000;

describe('the memory of a WebSocket listener stays bounded', () => {
  let child: ChildProcess;
  const clients: RawClient[] = [];

  const start = async (overflow: MemorySettings['overflow']): Promise<number> => {
    const settings: MemorySettings = { overflow, maxBufferedBytes: LIMIT };
    child = fork(new URL('memory-process.ts', import.meta.url), {
      env: { ...process.env, MEMORY_SETTINGS: JSON.stringify(settings) },
    });
    return ((await once(child, 'message')) as [number])[0];
  };
  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.destroy();
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  });
  const dial = async (port: number): Promise<RawClient> => {
    const client = await RawClient.open(port);
    clients.push(client);
    return client;
  };
  const ask = async (question: MemoryQuestion): Promise<unknown[]> => {
    const answer = once(child, 'message');
    child.send(question);
    return answer;
  };
  const askFacts = async (): Promise<MemoryFacts> => ((await ask('facts')) as [MemoryFacts])[0];

  for (const overflow of ['dropOldest', 'dropNewest', 'disconnect'] as const) {
    it(`with one far side that reads nothing of ${BROADCASTS} broadcasts of 10 kB: ${overflow}`, async () => {
      const port = await start(overflow);
      const stalled = await dial(port);
      stalled.socket.pause();
      const { heldBytes } = await askFacts();
      for (let sent = 0; sent < BROADCASTS; sent += 100) await ask(100);
      const facts = await askFacts();
      assert.deepEqual(facts.told, ['127.0.0.1: takes less than it is sent']);
      // What the system holds for the socket, and what may wait: all else was dropped.
      if (overflow === 'disconnect') {
        await waitFor('the end of the connection', async () =>
          (await askFacts()).connections === 0 ? true : undefined,
        );
      } else assert.ok(facts.dropped > BROADCASTS / 2, `${facts.dropped}`);
      assertBounded(facts.heldBytes - heldBytes);
    });
  }

  it('while nobody takes what a far side sends: it has to wait', async () => {
    const port = await start('disconnect');
    const { socket } = await dial(port);
    const frames = Buffer.concat(Array.from({ length: 100 }, () => rawFrame(0x82, Buffer.alloc(10_000))));
    const { heldBytes } = await askFacts();
    let written = 0;
    while (written < 256 * MIB) {
      written += frames.length;
      if (socket.write(frames)) continue;
      const drained = new AbortController();
      const { signal } = drained;
      const isStuck = await Promise.race([
        once(socket, 'drain', { signal }).then(() => false),
        pause(1_000, true, { signal }),
      ]).finally(() => drained.abort());
      if (isStuck) break;
    }
    assert.ok(written < 256 * MIB);
    const facts = await askFacts();
    assert.equal(facts.connections, 1);
    assertBounded(facts.heldBytes - heldBytes);
  });
});

function assertBounded(grownBytes: number): void {
  const limitBytes = LIMIT + BREATH_BYTES;
  assert.ok(grownBytes <= limitBytes, `grew by ${Math.round(grownBytes / MIB)} of ${Math.round(limitBytes / MIB)} MiB`);
}
