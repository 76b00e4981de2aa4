import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { createSequenceGaps, type Arrival, type SequenceGaps } from '../../src/metrics/sequence-gaps.ts';

const windowMs = 1_000;

describe('sequence gaps', () => {
  const cases: readonly [string, readonly number[], number][] = [
    ['nothing missing', [5, 6, 7], 0],
    ['one missing', [1, 3], 1],
    ['three missing in two gaps', [1, 4, 6], 3],
    ['a late arrival', [1, 3, 2], 0],
    ['a late arrival in the middle of a gap', [1, 5, 3], 2],
    ['a repeated arrival', [1, 2, 2, 1, 3], 0],
    ['what came before the first', [9, 3, 10], 0],
    ['a jump too large to be a loss', [1, 20_002, 20_003], 0],
    ['counting by time', [1_700_000_000_000, 1_700_000_060_000], 0],
    ['numbers that are none', [1, Number.NaN, 1.5, 2], 0],
  ];
  for (const [what, sequences, expected] of cases) {
    it(`counts ${expected} for ${what}`, () => {
      const gaps = createSequenceGaps({ windowMs });
      for (const sequence of sequences) gaps.take(arrival({ sequence }));
      assert.equal(lost(gaps), expected);
    });
  }

  it('follows a device over its branches and blames the branch that carried the message before', () => {
    const gaps = createSequenceGaps({ windowMs });
    gaps.take(arrival({ sequence: 1, branch: 'MQTT' }));
    gaps.take(arrival({ sequence: 2, branch: 'HTTP' }));
    gaps.take(arrival({ sequence: 3, branch: 'MQTT' }));
    assert.equal(lost(gaps), 0);
    gaps.take(arrival({ sequence: 5, branch: 'HTTP' }));
    assert.deepEqual([...gaps.lost(0, 0)], [['MQTT', 1]]);
  });

  it('takes a new session for a new count, and keeps what the old one lost', () => {
    const gaps = createSequenceGaps({ windowMs });
    gaps.take(arrival({ sequence: 1, session: 'a' }));
    gaps.take(arrival({ sequence: 4, session: 'a' }));
    for (const sequence of [0, 1, 2, 3]) gaps.take(arrival({ sequence, session: 'b' }));
    assert.equal(lost(gaps), 2);
  });

  it('forgets gaps older than the window', () => {
    const gaps = createSequenceGaps({ windowMs });
    gaps.take(arrival({ sequence: 1, at: 0 }));
    gaps.take(arrival({ sequence: 3, at: 0 }));
    gaps.take(arrival({ sequence: 4, at: 1_001 }));
    assert.equal(gaps.lost(0, 2_000).size, 0);
  });

  it('forgets the device silent for longest when there are too many', () => {
    const gaps = createSequenceGaps({ windowMs, maxDevices: 2 });
    for (const device of ['a', 'b', 'a', 'c']) gaps.take(arrival({ device, sequence: 1 }));
    // "a" is still known, "b" is not.
    gaps.take(arrival({ device: 'a', sequence: 3 }));
    gaps.take(arrival({ device: 'b', sequence: 3 }));
    assert.equal(lost(gaps), 1);
  });

  it('counts exactly what never came, in whatever order the rest came', () => {
    const arrivals = fc
      .uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 30 })
      .filter((sequences) => sequences[0] === Math.min(...sequences));
    fc.assert(
      fc.property(arrivals, (sequences) => {
        const gaps = createSequenceGaps({ windowMs });
        for (const sequence of sequences) gaps.take(arrival({ sequence }));
        const span = Math.max(...sequences) - Math.min(...sequences) + 1;
        assert.equal(lost(gaps), span - sequences.length);
      }),
    );
  });
});

function arrival(some: Partial<Arrival> & { sequence: number }): Arrival {
  return { device: 'device', branch: 'MQTT', at: 0, ...some };
}

function lost(gaps: SequenceGaps): number {
  return [...gaps.lost(0, 0).values()].reduce((sum, count) => sum + count, 0);
}
