import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { createDeduplicator } from '../../src/client/deduplicate.ts';

describe('deduplicator', () => {
  it('remembers an id until it is too old', () => {
    let at = 0;
    const seen = createDeduplicator({ ageMs: 100 }, () => at);
    seen.add('a');
    at = 99;
    assert.equal(seen.has('a'), true);
    seen.add('a');
    at = 100;
    assert.equal(seen.has('a'), false);
  });

  it('frees the memory of old ids', () => {
    let at = 0;
    const seen = createDeduplicator({ ageMs: 100 }, () => at);
    for (const id of ['a', 'b', 'c']) seen.add(id);
    at = 200;
    seen.add('d');
    assert.equal(seen.size, 1);
  });

  it('behaves like a list of the last ids added, whatever happens', () => {
    const steps = fc.array(fc.record({ id: fc.nat(20).map(String), wait: fc.nat(30) }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 10 }), (steps, count) => {
        let at = 0;
        const ageMs = 100;
        const seen = createDeduplicator({ count, ageMs }, () => at);
        let model: { id: string; at: number }[] = [];
        for (const { id, wait } of steps) {
          at += wait;
          model = model.filter((entry) => entry.at > at - ageMs);
          assert.equal(
            seen.has(id),
            model.some((entry) => entry.id === id),
          );
          seen.add(id);
          if (!model.some((entry) => entry.id === id)) model.push({ id, at });
          model = count === 0 ? [] : model.slice(-count);
          assert.ok(seen.size <= count);
        }
      }),
    );
  });
});
