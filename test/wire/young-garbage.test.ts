import assert from 'node:assert/strict';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { noteChunk } from '../../src/wire/young-garbage.ts';

const TIMES = 5;

describe('chunks that were read', () => {
  it('are collected every 16 MiB, and leave no gc behind for others', async () => {
    let collected = 0;
    const all = Promise.withResolvers<void>();
    const observer = new PerformanceObserver((list) => {
      // What V8 does of itself is not forced.
      for (const entry of list.getEntries()) {
        const { flags } = Reflect.get(entry, 'detail') as { flags: number };
        if ((flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) !== 0) collected += 1;
      }
      if (collected >= TIMES) all.resolve();
    });
    observer.observe({ entryTypes: ['gc'] });
    const chunk = new Uint8Array(4_194_304);
    for (let index = 0; index < TIMES * 4; index += 1) noteChunk(chunk);
    await all.promise;
    observer.disconnect();
    assert.equal(collected, TIMES);
    assert.equal(Reflect.get(globalThis, 'gc'), undefined);
  });
});
