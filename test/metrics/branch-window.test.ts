import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { createBranchWindow, type BranchWindow, type Sample } from '../../src/metrics/branch-window.ts';

/** A window of 10 s with a clock set by hand. */
function windowWithClock(settings = {}): { window: BranchWindow; wait: (ms: number) => void } {
  let at = 50_000;
  const window = createBranchWindow({ now: () => at, ...settings });
  return { window, wait: (ms) => (at += ms) };
}

function sample(some: Partial<Sample> = {}): Sample {
  return { branch: 'MQTT', bytes: 100, ...some };
}

describe('branch window', () => {
  it('gives rate, bytes and latency percentiles of each branch', () => {
    const { window, wait } = windowWithClock();
    for (let message = 1; message <= 100; message += 1) {
      wait(100);
      window.take(sample({ latencyMs: message }));
      if (message % 10 === 0) window.take(sample({ branch: 'HTTP', bytes: 50 }));
    }
    const [mqtt, http] = window.read();
    assert.ok(mqtt !== undefined && http !== undefined);
    assert.deepEqual([mqtt.branch, mqtt.messages, mqtt.perSecond, mqtt.bytesPerSecond], ['MQTT', 100, 10, 1000]);
    assert.ok(Math.abs(mqtt.latencyP50Ms - 50) < 1 && Math.abs(mqtt.latencyP99Ms - 99) < 1.5);
    assert.deepEqual([http.branch, http.messages, http.perSecond, http.bytesPerSecond], ['HTTP', 10, 1, 50]);
    assert.equal(http.latencyP99Ms, 0);
  });

  it('forgets what is older than the window, and at rest reads nothing', () => {
    const { window, wait } = windowWithClock();
    window.take(sample({ latencyMs: 5 }));
    wait(5_000);
    window.take(sample({ latencyMs: 7 }));
    wait(6_500);
    assert.equal(window.read()[0]?.messages, 1);
    wait(10_000);
    const [idle] = window.read();
    assert.deepEqual([idle?.messages, idle?.perSecond, idle?.latencyP99Ms], [0, 0, 0]);
  });

  it('counts a missing message after the grace, and takes it back when it comes late', () => {
    const { window, wait } = windowWithClock();
    const numbered = (sequence: number) => window.take(sample({ device: 'a', sequence }));
    numbered(1);
    numbered(3);
    assert.equal(window.read()[0]?.lost, 0);
    wait(1_000);
    assert.deepEqual([window.read()[0]?.lost, window.read()[0]?.lossRatio], [1, 1 / 3]);
    window.take(sample({ branch: 'HTTP', device: 'a', sequence: 2 }));
    assert.equal(window.read()[0]?.lost, 0);
  });

  it('forgets a loss once it is older than the window', () => {
    const { window, wait } = windowWithClock();
    for (const sequence of [1, 3]) window.take(sample({ device: 'a', sequence }));
    wait(11_001);
    assert.equal(window.read()[0]?.lost, 0);
  });

  it('forgets the branch silent for longest when there are too many', () => {
    const { window, wait } = windowWithClock({ maxBranches: 2 });
    for (const branch of ['a', 'b', 'a', 'c']) {
      wait(1);
      window.take(sample({ branch }));
    }
    assert.deepEqual(
      window.read().map(({ branch }) => branch),
      ['a', 'c'],
    );
  });

  it('never counts a message twice nor drops one inside the window', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(900), { maxLength: 300 }), (pauses) => {
        const { window, wait } = windowWithClock();
        let at = 0;
        const times = pauses.map((pause) => {
          wait(pause);
          at += pause;
          window.take(sample());
          return at;
        });
        const messages = window.read()[0]?.messages ?? 0;
        const within = (ms: number) => times.filter((time) => time > at - ms).length;
        assert.ok(messages >= within(10_000) && messages <= within(11_001), `${messages} messages`);
      }),
    );
  });
});
