import assert from 'node:assert/strict';
import { addressOf, isEverywhere, isLoopback } from '../src/address.ts';

describe('addresses', () => {
  it('know this machine', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1', 'localhost']) assert.ok(isLoopback(host));
    for (const host of [
      '10.0.0.1',
      '0.0.0.0',
      '::',
      '::2',
      '1270.0.0.1',
      'localhost.example',
      '127.0.0.1.example',
      '',
    ]) {
      assert.ok(!isLoopback(host), host);
    }
  });

  it('know what stands for all networks', () => {
    for (const host of ['0.0.0.0', '::', '']) assert.ok(isEverywhere(host));
    assert.ok(!isEverywhere('127.0.0.1'));
  });

  it('stand in a URL', () => {
    for (const [host, expected] of [
      ['127.0.0.1', '127.0.0.1:8443'],
      ['host.example', 'host.example:8443'],
      ['::1', '[::1]:8443'],
    ] as const) {
      assert.equal(addressOf(host, 8443), expected);
      assert.equal(new URL(`https://${addressOf(host, 8443)}`).port, '8443');
    }
  });
});
