import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import type { Branch } from '../../src/choose/branch.ts';
import { createChooser, type Chooser, type ChooserSettings } from '../../src/choose/chooser.ts';
import { changePolicy, createPolicy } from '../../src/choose/policy.ts';
import { makeDevices } from '../../src/devices/make-devices.ts';
import { branch, device, threeBranches, unmeasured } from './branches.ts';

const meter = device({ latencyNeedMs: 2_000 });
const quiet = createPolicy({ probeEvery: 0 });

/** A chooser with a clock set by hand. */
function chooserWithClock(settings: ChooserSettings = {}): { chooser: Chooser; wait: (ms: number) => void } {
  let at = 1_000;
  return { chooser: createChooser({ policy: quiet, now: () => at, ...settings }), wait: (ms) => (at += ms) };
}

function http(up: boolean): Branch {
  return branch('http2', up ? {} : { state: 'waiting', cause: 'connect ECONNREFUSED' });
}

describe('chooser', () => {
  it('moves off a branch that went down, and back once that has been up for a while', () => {
    const { chooser, wait } = chooserWithClock();
    const label = (up: boolean) => labelOf(chooser, [branch('mqtt', {}), http(up)]);
    assert.equal(label(true), 'HTTP');
    assert.equal(label(false), 'MQTT');
    assert.equal(label(true), 'MQTT');
    wait(2_999);
    assert.equal(label(true), 'MQTT');
    // Trusted again, but the device changed less than 5 s ago; then MQTT is within the margin, so it takes a reason to go.
    wait(2_001);
    assert.equal(label(true), 'MQTT');
    chooser.setPolicy(changePolicy(chooser.policy, { http2Bias: 0.2 }));
    assert.equal(label(true), 'HTTP');
  });

  it('trusts a branch that flaps later each time', () => {
    const { chooser, wait } = chooserWithClock({ policy: createPolicy({ probeEvery: 0, switchMargin: 0, holdMs: 0 }) });
    const label = (up: boolean) => labelOf(chooser, [branch('mqtt', {}), http(up)]);
    label(true);
    for (const recoveryMs of [3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]) {
      assert.equal(label(false), 'MQTT');
      assert.equal(label(true), 'MQTT');
      wait(recoveryMs - 1);
      assert.equal(label(true), 'MQTT');
      wait(1);
      assert.equal(label(true), 'HTTP', `after ${recoveryMs} ms`);
      // Up for less than a minute in all: it is not forgiven.
      if (recoveryMs >= 60_000) break;
    }
  });

  it('does not flap when two branches take turns in being a little better', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 3, noNaN: true }), { minLength: 2, maxLength: 50 }),
        (latencies) => {
          const { chooser } = chooserWithClock();
          const one = device({ latencyNeedMs: 100, wantsPush: true });
          const labels = latencies.map((latencyP99Ms) =>
            labelOf(chooser, [branch('mqtt', { latencyP99Ms }), branch('websocket', { latencyP99Ms: 2 })], one),
          );
          assert.equal(new Set(labels).size, 1);
        },
      ),
    );
  });

  it('keeps the last failures of a branch nobody uses until something is sent over it', () => {
    const { chooser, wait } = chooserWithClock();
    const label = (recent: { sent: number; failed: number }) =>
      labelOf(chooser, [branch('mqtt', {}), branch('http2', { recent })]);
    assert.equal(label({ sent: 100, failed: 20 }), 'MQTT');
    wait(60_000);
    chooser.setPolicy(changePolicy(chooser.policy, { switchMargin: 0 }));
    assert.equal(label({ sent: 0, failed: 0 }), 'MQTT');
    assert.equal(label({ sent: 1, failed: 0 }), 'HTTP');
  });

  it('probes what was not measured, one message in so many, and says so', () => {
    const { chooser } = chooserWithClock({ policy: createPolicy({ probeEvery: 4 }) });
    const branches = [branch('mqtt', unmeasured), branch('http2', {}), branch('websocket', {})];
    const choices = Array.from({ length: 8 }, () => chooser.choose(meter, branches));
    assert.deepEqual(
      choices.map(({ index }) => index),
      [1, 1, 1, 0, 1, 1, 1, 0],
    );
    assert.equal(choices[3]?.reason, 'probe of MQTT: not measured yet (1 in 4)');
  });

  it('keeps a probe due until a device comes that can do it', () => {
    const { chooser } = chooserWithClock({ policy: createPolicy({ probeEvery: 2 }) });
    const branches = [branch('mqtt', unmeasured), branch('http2', {})];
    const mute = device({ id: 'mute', protocols: ['http2'] });
    assert.deepEqual(
      [mute, mute, mute, meter].map((one) => chooser.choose(one, branches).index),
      [1, 1, 1, 0],
    );
  });

  it('probes a branch that carried nothing for long', () => {
    const { chooser, wait } = chooserWithClock({ policy: createPolicy({ probeEvery: 1 }) });
    const branches = [branch('mqtt', {}), branch('http2', {})];
    assert.equal(chooser.choose(meter, branches).index, 1);
    wait(30_000);
    const busy = [branch('mqtt', {}), branch('http2', { sent: 1_001 })];
    const { index, reason } = chooser.choose(meter, busy);
    assert.deepEqual([index, reason], [0, 'probe of MQTT: unused for 30 s (1 in 1)']);
  });

  it('never probes a branch that is down', () => {
    const { chooser } = chooserWithClock({ policy: createPolicy({ probeEvery: 1 }) });
    const branches = [branch('mqtt', { ...unmeasured, state: 'connecting' }), branch('http2', {})];
    assert.equal(chooser.choose(meter, branches).index, 1);
  });

  it('takes a policy wholly or not at all', () => {
    const { chooser } = chooserWithClock();
    const before = chooser.policy;
    assert.equal(
      chooser.setPolicy({ ...changePolicy(before, { lossWeight: 5 }), latencyWeight: -1 }),
      'latencyWeight must be a number from 0 to 10',
    );
    assert.equal(chooser.policy, before);
    assert.equal(chooser.setPolicy(changePolicy(before, { lossWeight: 5 })), undefined);
    assert.deepEqual([chooser.policy.version, chooser.policy.lossWeight], [2, 5]);
  });

  it('forgets the device silent for longest when there are too many', () => {
    const { chooser } = chooserWithClock({ maxDevices: 1 });
    const only = (id: string, protocol: 'mqtt' | 'http2') => device({ id, protocols: [protocol] });
    // Kept at MQTT by the margin for as long as it is remembered.
    chooser.choose(only('device-1', 'mqtt'), threeBranches({}));
    assert.equal(labelOf(chooser, threeBranches({})), 'MQTT');
    chooser.choose(only('device-2', 'http2'), threeBranches({}));
    assert.equal(labelOf(chooser, threeBranches({})), 'HTTP');
  });

  it('moves all simulated devices off any branch that goes down', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 2 }), (seed, broken) => {
        const { chooser } = chooserWithClock();
        const devices = makeDevices({ count: 12, seed });
        for (const one of devices) chooser.choose(one, threeBranches({}));
        const branches = threeBranches({});
        const { label, protocol, traits } = branches[broken] ?? branches[0];
        const reading = branch('mqtt', { state: 'waiting' }).reading;
        assert.ok(reading !== undefined);
        branches[broken] = { label, protocol, traits, reading };
        for (const one of devices) {
          const { index } = chooser.choose(one, branches);
          assert.ok(index !== undefined && index !== broken);
        }
      }),
    );
  });
});

function labelOf(chooser: Chooser, branches: readonly Branch[], one = meter): string | undefined {
  const { index } = chooser.choose(one, branches);
  return index === undefined ? undefined : branches[index]?.label;
}
