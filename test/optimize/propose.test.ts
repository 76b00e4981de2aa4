import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { createPolicy, policyProblem } from '../../src/choose/policy.ts';
import type { BranchFigures, Window } from '../../src/optimize/figures.ts';
import { changeKey, propose } from '../../src/optimize/propose.ts';

const policy = createPolicy();
const calm = { messages: 500, p50Ms: 1, p99Ms: 2, lossRatio: 0, bytesPerMessage: 200 };

function figures(protocol: BranchFigures['protocol'], some: Partial<BranchFigures> = {}): BranchFigures {
  return { id: protocol, protocol, ...calm, ...some };
}

function windowOf(...branches: BranchFigures[]): Window {
  const messages = branches.reduce((sum, branch) => sum + branch.messages, 0);
  const mean = (measure: 'p50Ms' | 'p99Ms' | 'lossRatio' | 'bytesPerMessage') =>
    branches.reduce((sum, branch) => sum + branch[measure] * branch.messages, 0) / messages;
  const all = {
    messages,
    p50Ms: mean('p50Ms'),
    p99Ms: mean('p99Ms'),
    lossRatio: mean('lossRatio'),
    bytesPerMessage: mean('bytesPerMessage'),
  };
  return { fromMs: 0, toMs: 60_000, branches, all };
}

describe('propose', () => {
  it('proposes to heed latency more when one branch is much slower, with figures', () => {
    assert.deepEqual(propose(windowOf(figures('mqtt'), figures('http2', { p99Ms: 9.4 })), policy), {
      change: { field: 'latencyWeight', from: 3, to: 4.5 },
      because: 'http2 p99 9.4 ms over 500 messages, mqtt p99 2 ms over 500 messages',
      expected: { measure: 'p99Ms', from: 5.7, to: 2 },
    });
  });

  const cases: readonly [string, Window, string | undefined][] = [
    ['nothing stands out', windowOf(figures('mqtt'), figures('http2')), undefined],
    ['there is one branch only', windowOf(figures('mqtt', { lossRatio: 0.5 })), undefined],
    ['too few messages came', windowOf(figures('mqtt'), figures('http2', { p99Ms: 50, messages: 199 })), undefined],
    ['a branch loses messages', windowOf(figures('mqtt'), figures('http2', { lossRatio: 0.02 })), 'lossWeight up'],
    ['the loss is small', windowOf(figures('mqtt'), figures('http2', { lossRatio: 0.009 })), undefined],
    ['twice next to nothing', windowOf(figures('mqtt', { p99Ms: 0.2 }), figures('http2', { p99Ms: 0.4 })), undefined],
    ['a branch was never timed', windowOf(figures('mqtt', { p99Ms: 0 }), figures('http2', { p99Ms: 9 })), undefined],
    [
      'a branch sends more bytes',
      windowOf(figures('mqtt'), figures('http2', { bytesPerMessage: 320 })),
      'overheadWeight up',
    ],
    [
      'loss and latency differ: loss first',
      windowOf(figures('mqtt'), figures('http2', { lossRatio: 0.02, p99Ms: 90 })),
      'lossWeight up',
    ],
  ];
  for (const [when, window, expected] of cases) {
    it(`proposes ${expected ?? 'nothing'} when ${when}`, () => {
      const proposal = propose(window, policy);
      assert.equal(proposal === undefined ? undefined : changeKey(proposal.change), expected);
    });
  }

  it('goes on to the next change when one was refused or the field is at its end', () => {
    const window = windowOf(figures('mqtt'), figures('http2', { p99Ms: 9 }));
    const refused = propose(window, policy, { refused: new Set(['latencyWeight up']) });
    assert.deepEqual(refused?.change, { field: 'http2Bias', from: 0, to: -0.05 });
    const full = propose(window, createPolicy({ latencyWeight: 10 }));
    assert.equal(full?.change.field, 'http2Bias');
    const nothingLeft = createPolicy({ latencyWeight: 10, http2Bias: -0.5 });
    assert.equal(propose(window, nothingLeft), undefined);
  });

  it('leaves a weight of 0 by a first step', () => {
    const window = windowOf(figures('mqtt'), figures('http2', { p99Ms: 9 }));
    assert.deepEqual(propose(window, createPolicy({ latencyWeight: 0 }))?.change, {
      field: 'latencyWeight',
      from: 0,
      to: 1,
    });
  });

  it('proposes only policies without a problem, changes only, and never expects a loss', () => {
    const some = fc.record({
      messages: fc.integer({ min: 200, max: 10_000 }),
      p50Ms: fc.double({ min: 0.1, max: 100, noNaN: true }),
      p99Ms: fc.double({ min: 0.1, max: 1_000, noNaN: true }),
      lossRatio: fc.double({ min: 0, max: 1, noNaN: true }),
      bytesPerMessage: fc.integer({ min: 10, max: 100_000 }),
    });
    const weight = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(some, some, weight, weight, (mqtt, http2, latencyWeight, lossWeight) => {
        const before = createPolicy({ latencyWeight, lossWeight });
        const proposal = propose(windowOf(figures('mqtt', mqtt), figures('http2', http2)), before);
        if (proposal === undefined) return;
        const { field, from, to } = proposal.change;
        assert.equal(from, before[field]);
        assert.notEqual(from, to);
        assert.equal(policyProblem({ ...before, [field]: to }), undefined);
        assert.ok(proposal.expected.to <= proposal.expected.from + 1e-9);
      }),
    );
  });
});
