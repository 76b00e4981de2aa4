import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Figures } from '../../src/optimize/figures.ts';
import { judgeChange } from '../../src/optimize/verdict.ts';
import type { Proposal } from '../../src/optimize/propose.ts';

const before: Figures = { messages: 1_000, p50Ms: 2, p99Ms: 10, lossRatio: 0.01, bytesPerMessage: 200 };

function proposal(measure: Proposal['expected']['measure']): Proposal {
  const change = { field: 'latencyWeight', from: 3, to: 4.5 } as const;
  return { change, because: 'http2 is slow', expected: { measure, from: 10, to: 5 } };
}

describe('verdict on a change', () => {
  const cases: readonly [Partial<Figures>, Proposal['expected']['measure'], boolean, string][] = [
    [{ p99Ms: 6 }, 'p99Ms', true, 'better: p99 10 ms before, p99 6 ms after'],
    [{ p99Ms: 9.6 }, 'p99Ms', false, 'no better: p99 10 ms before, p99 9.6 ms after'],
    [{ p99Ms: 14 }, 'p99Ms', false, 'no better: p99 10 ms before, p99 14 ms after'],
    [
      { p99Ms: 6, lossRatio: 0.05 },
      'p99Ms',
      false,
      'p99 10 ms before, p99 6 ms after, but loss 1 % before, loss 5 % after',
    ],
    [{ p99Ms: 6, lossRatio: 0.0115 }, 'p99Ms', true, 'better: p99 10 ms before, p99 6 ms after'],
    [{ lossRatio: 0.001 }, 'lossRatio', true, 'better: loss 1 % before, loss 0.1 % after'],
    [
      { bytesPerMessage: 100, p50Ms: 3 },
      'bytesPerMessage',
      false,
      'size 200 bytes a message before, size 100 bytes a message after, but p50 2 ms before, p50 3 ms after',
    ],
  ];
  for (const [after, measure, keep, because] of cases) {
    it(`${keep ? 'keeps' : 'reverts'} it: ${because}`, () => {
      assert.deepEqual(judgeChange(proposal(measure), before, { ...before, ...after }), { keep, because });
    });
  }
});
