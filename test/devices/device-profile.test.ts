import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { parseDevice, typicalLinks } from '../../src/devices/device-profile.ts';

describe('device profile', () => {
  it('fills in what a message leaves out', () => {
    const parsed = parseDevice({
      id: 'pump',
      link: { quality: 'poor', roundTripMs: 900 },
      capability: { class: 'rich' },
    });
    assert.ok('device' in parsed);
    assert.deepEqual(parsed.device.link, { ...typicalLinks.poor, roundTripMs: 900 });
    assert.equal(parsed.device.capability.class, 'rich');
    assert.deepEqual([parsed.device.latencyNeedMs, parsed.device.wantsPush], [1_000, false]);
  });

  it('takes an id alone', () => {
    const parsed = parseDevice('pump');
    assert.ok('device' in parsed);
    assert.equal(parsed.device.id, 'pump');
    assert.equal(parsed.device.protocols.length, 4);
  });

  const wrong: readonly [unknown, string][] = [
    [undefined, 'device: no profile'],
    [7, 'device: the value must be object (is 7)'],
    [{}, "device: the value must have required property 'id'"],
    [{ id: '' }, 'device: /id must NOT have fewer than 1 characters (is "")'],
    [
      { id: 'a', protocols: ['coap'] },
      'device: /protocols/0 must be one of "mqtt", "http2", "websocket", "peer" (is "coap")',
    ],
    [{ id: 'a', protocols: [] }, 'device: /protocols must NOT have fewer than 1 items'],
    [{ id: 'a', latencyNeedMs: 0 }, 'device: /latencyNeedMs must be > 0 (is 0)'],
    [{ id: 'a', link: { lossRatio: 2 } }, 'device: /link/lossRatio must be <= 1 (is 2)'],
  ];
  for (const [value, problem] of wrong) {
    it(`answers ${JSON.stringify(value)} with "${problem}"`, () => assert.deepEqual(parseDevice(value), { problem }));
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => void parseDevice(value)));
  });
});
