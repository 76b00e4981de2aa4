import assert from 'node:assert/strict';
import { Histogram } from '../../../bench/mqtt/load/histogram.ts';

describe('the histogram of the load generator', () => {
  it('gives quantiles within two percent', () => {
    const histogram = new Histogram();
    for (let us = 1; us <= 10_000; us += 1) histogram.add(us);
    for (const share of [0.1, 0.5, 0.99]) {
      const error = histogram.quantile(share) / (share * 10_000) - 1;
      assert.ok(Math.abs(error) < 0.02, `${share} is off by ${error}`);
    }
  });

  it('has no quantile while it is empty', () => assert.ok(Number.isNaN(new Histogram().quantile(0.5))));
});
