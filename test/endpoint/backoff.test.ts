import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { backoff } from '../../src/endpoint/backoff.ts';

const take = (pauses: Iterator<number, never>, count: number): number[] =>
  Array.from({ length: count }, () => pauses.next().value);

describe('backoff', () => {
  it('doubles the span from the first to the longest', () => {
    assert.deepEqual(
      take(
        backoff(100, 1_000, () => 1),
        6,
      ),
      [100, 200, 400, 800, 1_000, 1_000],
    );
  });

  it('takes any part of the span, so that many links do not come back in one moment', () => {
    assert.deepEqual(
      take(
        backoff(100, 1_000, () => 0.5),
        3,
      ),
      [50, 100, 200],
    );
    assert.deepEqual(
      take(
        backoff(100, 1_000, () => 0),
        3,
      ),
      [0, 0, 0],
    );
  });

  it('never exceeds the longest', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), (first, longest) =>
        take(backoff(first, longest), 40).every((pause) => pause >= 0 && pause <= longest),
      ),
    );
  });
});
