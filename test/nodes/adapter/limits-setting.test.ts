import assert from 'node:assert/strict';
import { readLimitsSetting } from '../../../nodes/adapter/limits-setting.ts';

describe('the limits in the settings file of somebody’s own Node-RED', () => {
  it('are those of the broker and of the front door by their names', () => {
    assert.deepEqual(readLimitsSetting({ maxRetained: 5, 'door.idleMs': 500 }), {
      broker: { maxRetained: 5 },
      door: { idleMs: 500 },
    });
    assert.deepEqual(readLimitsSetting(undefined), { broker: {}, door: {} });
  });

  for (const [what, given, problem] of [
    ['a name that is none', { maxJoy: 1 }, /"maxJoy" is no limit; there are maxPacketBytes, .*door\.maxConnections/],
    ['a text for a number', { 'door.idleMs': '500' }, /door\.idleMs takes a whole number from 1 to/],
    ['a number out of range', { maxInFlight: 70_000 }, /maxInFlight takes a whole number from 1 to 65535/],
    ['too few connections for our own links', { 'door.maxConnections': 1 }, /door\.maxConnections .* from 20 to/],
    ['a list', [1], /takes names with numbers/],
    ['nothing at all', null, /takes names with numbers/],
  ] as const) {
    it(`are refused with ${what}`, () => {
      assert.throws(() => readLimitsSetting(given), {
        code: 'SETTINGS_INVALID',
        message: new RegExp(`'chartwire-limits' in the settings file: .*${problem.source}`),
      });
    });
  }
});
