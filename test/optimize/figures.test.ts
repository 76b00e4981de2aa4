import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { windowOf } from '../../src/optimize/figures.ts';
import { unmeasured, reading } from '../choose/branches.ts';

describe('window of snapshots', () => {
  it('needs two snapshots', () => {
    assert.equal(windowOf([]), undefined);
    assert.equal(windowOf([{ at: 0, readings: [] }]), undefined);
  });

  it('counts what happened between the first and the last', () => {
    const window = windowOf([
      { at: 1_000, readings: [reading('mqtt', { sent: 100, received: 100, failed: 5, bytes: 1_000 })] },
      {
        at: 2_000,
        readings: [reading('mqtt', { sent: 150, received: 150, failed: 5, bytes: 2_000, latencyP99Ms: 2 })],
      },
      {
        at: 3_000,
        readings: [reading('mqtt', { sent: 200, received: 300, failed: 7, bytes: 3_000, latencyP99Ms: 6 })],
      },
    ]);
    assert.deepEqual(window, {
      fromMs: 1_000,
      toMs: 3_000,
      branches: [
        { id: 'mqtt', protocol: 'mqtt', messages: 100, p50Ms: 1, p99Ms: 5, lossRatio: 0.02, bytesPerMessage: 20 },
      ],
      all: { messages: 100, p50Ms: 1, p99Ms: 5, lossRatio: 0.02, bytesPerMessage: 20 },
    });
  });

  it('takes a count that fell for one begun anew', () => {
    const window = windowOf([
      { at: 0, readings: [reading('mqtt', { sent: 500, received: 500, bytes: 5_000 })] },
      { at: 1, readings: [reading('mqtt', { sent: 10, received: 10, bytes: 100 })] },
    ]);
    assert.deepEqual([window?.all.messages, window?.all.bytesPerMessage], [10, 10]);
  });

  it('takes the round trip for the latency where receipts are not counted', () => {
    const window = windowOf([
      { at: 0, readings: [reading('http2', unmeasured)] },
      { at: 1, readings: [reading('http2', { ...unmeasured, sent: 10, roundTripMs: 4 })] },
    ]);
    assert.equal(window?.all.p99Ms, 4);
  });

  it('gives for all branches what lies between the best and the worst of them', () => {
    const step = fc.record({
      sent: fc.nat(1_000),
      failed: fc.nat(10),
      latencyP99Ms: fc.double({ min: 0.1, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(step, step), { minLength: 2, maxLength: 10 }), (steps) => {
        const counts = { mqtt: { sent: 0, failed: 0 }, http2: { sent: 0, failed: 0 } };
        const snapshots = steps.map(([mqtt, http2], at) => ({
          at,
          readings: (
            [
              ['mqtt', mqtt],
              ['http2', http2],
            ] as const
          ).map(([protocol, { sent, failed, latencyP99Ms }]) => {
            const count = counts[protocol];
            count.sent += sent;
            count.failed += Math.min(sent, failed);
            return reading(protocol, { ...count, received: count.sent, bytes: count.sent * 10, latencyP99Ms });
          }),
        }));
        const window = windowOf(snapshots);
        assert.ok(window !== undefined);
        const used = window.branches.filter(({ messages }) => messages > 0);
        assert.equal(
          window.all.messages,
          used.reduce((sum, { messages }) => sum + messages, 0),
        );
        for (const measure of ['p99Ms', 'lossRatio'] as const) {
          const values = used.map((figures) => figures[measure]);
          if (values.length === 0) return;
          assert.ok(
            window.all[measure] >= Math.min(...values) - 1e-9 && window.all[measure] <= Math.max(...values) + 1e-9,
          );
        }
      }),
    );
  });
});
