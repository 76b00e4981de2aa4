import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { nodeText, shortFigure, timeText, wireLines, wireText } from '../../src/metrics/figure-text.ts';
import { wireTone, type LiveWire } from '../../src/metrics/live-reading.ts';

describe('figures as text', () => {
  const figures: [number, string][] = [
    [0, '0'],
    [0.04, '<0.1'],
    [0.4, '0.4'],
    [9.94, '9.9'],
    [9.96, '10'],
    [999.4, '999'],
    [999.6, '1.0k'],
    [12_345, '12k'],
    [5e9, '5.0G'],
    [3, '3'],
    [2.98, '3.0'],
  ];
  for (const [figure, text] of figures)
    it(`are short: ${figure} is ${text}`, () => assert.equal(shortFigure(figure), text));

  const times: [number, string][] = [
    [0.001, '<0.01 ms'],
    [0.02, '0.02 ms'],
    [2.14, '2.1 ms'],
    [14.4, '14 ms'],
    [2140, '2.1 s'],
  ];
  for (const [ms, text] of times) it(`are times: ${ms} ms is ${text}`, () => assert.equal(timeText(ms), text));

  const wire: LiveWire = { from: 'a', port: 0, to: 'b', perSecond: 12, loss: 0, bytesPerSecond: 0 };
  it('say of a wire what is known of it', () => {
    assert.equal(wireText(wire), '12/s');
    assert.equal(
      wireText({ ...wire, p50Ms: 0.4, p99Ms: 2100, loss: 0.01, bytesPerSecond: 3400 }),
      '12/s · 0.40 ms/2.1 s · 1% lost · 3.4kB/s',
    );
    assert.equal(wireText({ ...wire, p50Ms: 1.2, p99Ms: 3.4 }), '12/s · 1.2/3.4 ms');
    assert.equal(wireText({ ...wire, perSecond: 0 }), '');
  });

  it('say of a wire the same in short lines', () => {
    const all = { ...wire, p50Ms: 1.2, p99Ms: 3.4, loss: 0.01, bytesPerSecond: 3400 };
    assert.deepEqual(wireLines(all), ['12/s · 3.4kB/s', '1.2/3.4 ms', '1% lost']);
    assert.deepEqual(wireLines(wire), ['12/s']);
    assert.deepEqual(wireLines({ ...wire, perSecond: 0 }), []);
    assert.deepEqual(wireLines({ ...all, perSecond: 0, bytesPerSecond: 0 }), ['0/s', '1.2/3.4 ms', '1% lost']);
  });

  it('say of a node what it does, and of one without an input what it sends', () => {
    assert.equal(nodeText({ in: 3, out: 6, errors: 0 }), '3/s');
    assert.equal(nodeText({ in: 0, out: 6, errors: 0.5, queue: 17 }), '6/s · 0.5 err/s · queue 17');
  });

  it('give a wire the tone of the worst that is known of it', () => {
    const tones = [wire, { ...wire, perSecond: 0 }, { ...wire, p99Ms: 1500 }, { ...wire, p99Ms: 1500, loss: 0.1 }];
    assert.deepEqual(tones.map(wireTone), ['flowing', 'idle', 'slow', 'lossy']);
  });
});
