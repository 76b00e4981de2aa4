import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { between, createRandom, pick } from '../../src/devices/random.ts';

describe('random numbers', () => {
  it('lie from 0 to below 1 and repeat for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [one, other] = [createRandom(seed), createRandom(seed)];
        for (let turn = 0; turn < 50; turn += 1) {
          const value = one();
          assert.ok(value >= 0 && value < 1);
          assert.equal(other(), value);
        }
      }),
    );
  });

  it('are spread evenly, even over neighbouring seeds', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let seed = 0; seed < 10_000; seed += 1) {
      const tenth = Math.floor(createRandom(seed)() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) assert.ok(count > 850 && count < 1_150, tenths.join());
  });

  it('pick by weight and stay between the ends', () => {
    const random = createRandom(1);
    const picked = Array.from(
      { length: 1_000 },
      () =>
        pick(random, [
          { weight: 9, name: 'often' },
          { weight: 1, name: 'seldom' },
        ]).name,
    );
    const often = picked.filter((name) => name === 'often').length;
    assert.ok(often > 850 && often < 950, `${often}`);
    assert.throws(() => pick(random, []), RangeError);
    for (let turn = 0; turn < 100; turn += 1) {
      const value = between(random, -2, 3);
      assert.ok(value >= -2 && value < 3);
    }
  });
});
