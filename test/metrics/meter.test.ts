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
});
