import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Meter } from '../../src/metrics/meter.ts';

describe('meter', () => {
  it('reads zeros before anything happened', () => {
    const { latencyP50Ms, latencyP99Ms, roundTripMs, sent, received, state } = new Meter('a', 'mqtt').read();
    assert.deepEqual([latencyP50Ms, latencyP99Ms, roundTripMs, sent, received, state], [0, 0, 0, 0, 0, 'connecting']);
  });

  it('counts sends and bytes, and failures apart', async () => {
    const meter = new Meter('a', 'mqtt');
    await meter.measure(10, () => Promise.resolve());
    await assert.rejects(
      meter.measure(5, () => Promise.reject(new Error('gone'))),
      /gone/,
    );
    const { sent, failed, inFlight, bytes, roundTripMs } = meter.read();
    assert.deepEqual([sent, failed, inFlight, bytes], [2, 1, 0, 15]);
    assert.ok(roundTripMs > 0);
  });

  it('counts what was over at once, and what came without a time, without a guess at how long it took', () => {
    const meter = new Meter('a', 'mqtt');
    meter.passed(10);
    meter.passed(5);
    meter.arrived();
    const { sent, received, bytes, inFlight, roundTripMs, latencyP50Ms, recent } = meter.read();
    assert.deepEqual([sent, received, bytes, inFlight, roundTripMs, latencyP50Ms], [2, 1, 15, 0, 0, 0]);
    assert.deepEqual(recent, { sent: 2, failed: 0 });
  });

  it('gives percentiles of what was received', () => {
    const meter = new Meter('a', 'mqtt');
    for (let latencyMs = 1; latencyMs <= 100; latencyMs += 1) meter.received(latencyMs);
    const { received, latencyP50Ms, latencyP99Ms } = meter.read();
    assert.equal(received, 100);
    assert.ok(Math.abs(latencyP50Ms - 50) < 1 && Math.abs(latencyP99Ms - 99) < 1.5);
  });

  it('says why a link waits', () => {
    const meter = new Meter('a', 'mqtt');
    meter.state = { name: 'waiting', retryInMs: 250, cause: new Error('connection refused') };
    assert.deepEqual([meter.read().state, meter.read().cause], ['waiting', 'connection refused']);
  });

  it('forgets latencies and failures of more than 20 s ago, but no count', async () => {
    let at = 0;
    const meter = new Meter('a', 'mqtt', () => at);
    meter.received(50);
    await assert.rejects(
      meter.measure(5, () => Promise.reject(new Error('gone'))),
      /gone/,
    );
    at = 10_000;
    meter.received(1);
    assert.ok(meter.read().latencyP99Ms > 49);
    assert.deepEqual(meter.read().recent, { sent: 1, failed: 1 });
    at = 20_000;
    const { latencyP99Ms, received, failed, recent } = meter.read();
    assert.ok(latencyP99Ms < 1.1);
    assert.deepEqual([received, failed, recent], [2, 1, { sent: 0, failed: 0 }]);
  });
});
