import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { IntMap } from '../src/int-map.ts';
import { heldBytes } from './support/held-bytes.ts';

const MIB = 1_048_576;

describe('a map of whole numbers', () => {
  const key = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 65_500, max: 65_540 }), fc.nat(2 ** 32 - 1));
  const step = fc.oneof(
    { weight: 10, arbitrary: fc.record({ set: key }) },
    { weight: 8, arbitrary: fc.record({ delete: key }) },
    { weight: 1, arbitrary: fc.constant('clear' as const) },
  );

  it('does what a Map does, in the same order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const map = new IntMap<number>();
        const model = new Map<number, number>();
        for (const [at, one] of steps.entries()) {
          if (one === 'clear') {
            map.clear();
            model.clear();
          } else if ('set' in one) {
            map.set(one.set, at);
            model.set(one.set, at);
          } else assert.equal(map.delete(one.delete), model.delete(one.delete));
          const all = [...model.values()];
          assert.deepEqual([map.size, map.first, map.values()], [model.size, all[0], all]);
        }
        for (const known of [...model.keys(), 7, 70_000]) {
          assert.deepEqual([map.has(known), map.get(known)], [model.has(known), model.get(known)]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('holds nothing that has gone, while numbers come and go', () => {
    const map = new IntMap<Buffer>();
    const before = heldBytes();
    for (let number = 1; number <= 500; number += 1) {
      map.set(number, Buffer.alloc(MIB));
      map.delete(number - 3);
    }
    const grown = heldBytes() - before;
    assert.equal(map.size, 3);
    assert.ok(grown < 50 * MIB, `${grown} bytes are held for three of a MiB`);
  });

  it('makes no more room than its most entries need, and gives it back', () => {
    const map = new IntMap<number>();
    const before = heldBytes();
    for (let number = 0; number < 500_000; number += 1) map.set(number, number);
    for (let number = 0; number < 500_000; number += 1) assert.ok(map.delete(number));
    const grown = heldBytes() - before;
    assert.ok(grown < 8 * MIB, `${grown} bytes are held for nobody`);
  });
});
