import assert from 'node:assert/strict';
import { addressOf } from '../../../src/address.ts';
import { allowedHosts, shownHost } from '../../../nodes/host/addresses.ts';

describe('the addresses of the editor', () => {
  for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost', '192.0.2.7', 'machine.example', '0.0.0.0', '::']) {
    it(`let in who opens the one that is printed for ${host}`, () => {
      assert.ok(allowedHosts(host, 1880).includes(addressOf(shownHost(host), 1880)));
    });
  }

  it('are not those of everybody', () => {
    for (const host of ['127.0.0.1', '0.0.0.0']) assert.ok(!allowedHosts(host, 1880).includes('evil.example:1880'));
  });
});
