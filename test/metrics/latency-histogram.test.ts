import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { createLatencyHistogram } from '../../src/metrics/latency-histogram.ts';

const latencies = fc.array(fc.double({ min: 0.001, max: 1_000_000, noNaN: true }), { minLength: 1, maxLength: 200 });

describe('latency histogram', () => {
  it('knows every percentile to 1.1 %', () => {
    fc.assert(
      fc.property(latencies, fc.double({ min: 0, max: 100, noNaN: true }), (all, percent) => {
        const histogram = createLatencyHistogram();
        for (const latency of all) histogram.record(latency);
        const sorted = all.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil((sorted.length * percent) / 100)) - 1] ?? 0;
        const found = histogram.percentile(percent);
        assert.ok(Math.abs(found - exact) <= exact * 0.011, `${found} instead of ${exact}`);
      }),
    );
  });

  it('adds up to what one histogram of all would hold', () => {
    fc.assert(
      fc.property(latencies, latencies, (some, others) => {
        const [left, right, whole] = [createLatencyHistogram(), createLatencyHistogram(), createLatencyHistogram()];
        for (const latency of some) left.record(latency);
        for (const latency of others) right.record(latency);
        for (const latency of [...some, ...others]) whole.record(latency);
        left.add(right);
        assert.equal(left.count, whole.count);
        assert.deepEqual(left.steps, whole.steps);
      }),
    );
  });

  it('takes what lies beyond its range for its ends, and no number for nothing', () => {
    const histogram = createLatencyHistogram();
    assert.equal(histogram.percentile(50), 0);
    histogram.record(Number.NaN);
    assert.equal(histogram.count, 0);
    histogram.record(-5);
    assert.equal(histogram.percentile(50), 0.001);
    histogram.record(Infinity);
    assert.ok(histogram.percentile(100) > 4_000_000);
    histogram.reset();
    assert.equal(histogram.percentile(100), 0);
  });
});
