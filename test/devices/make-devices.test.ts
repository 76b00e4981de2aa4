import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { parseDevice } from '../../src/devices/device-profile.ts';
import { makeDevices } from '../../src/devices/make-devices.ts';

describe('simulated devices', () => {
  it('are the same for the same seed and others for another', () => {
    assert.deepEqual(makeDevices({ count: 20, seed: 7 }), makeDevices({ count: 20, seed: 7 }));
    assert.notDeepEqual(makeDevices({ count: 20, seed: 7 }), makeDevices({ count: 20, seed: 8 }));
  });

  it('stay who they are when more are added', () => {
    assert.deepEqual(makeDevices({ count: 20, seed: 7 }).slice(0, 5), makeDevices({ count: 5, seed: 7 }));
  });

  it('have ids of their own, two protocols at least, and profiles that can be read back', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(), (count, seed) => {
        const devices = makeDevices({ count, seed });
        assert.equal(new Set(devices.map(({ id }) => id)).size, count);
        for (const device of devices) {
          assert.ok(device.protocols.length >= 2);
          assert.deepEqual(parseDevice(device), { device });
        }
      }),
    );
  });

  for (const count of [-1, 1.5, 10_001, Number.NaN]) {
    it(`are refused in a count of ${count}`, () => assert.throws(() => makeDevices({ count, seed: 1 }), RangeError));
  }
});
