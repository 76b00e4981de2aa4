import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { connackReturnCode, mayCarry, packetName, reasonCode, reasonName } from '../../../src/wire/mqtt/index.ts';

describe('MQTT reason codes', () => {
  it('have names, the first where there are several', () => {
    assert.equal(reasonName(0), 'success');
    assert.equal(reasonName(reasonCode.packetTooLarge), 'packetTooLarge');
    assert.equal(reasonName(0x03), '0x03');
  });

  it('belong to packets', () => {
    assert.ok(mayCarry('suback', reasonCode.grantedQos2));
    assert.ok(!mayCarry('puback', reasonCode.grantedQos2));
    assert.ok(!mayCarry('connack', reasonCode.sessionTakenOver));
  });

  for (const [code, returned] of [
    [reasonCode.success, 0],
    [reasonCode.unsupportedProtocolVersion, 1],
    [reasonCode.clientIdentifierNotValid, 2],
    [reasonCode.serverBusy, 3],
    [reasonCode.badUserNameOrPassword, 4],
    [reasonCode.notAuthorized, 5],
  ] as const) {
    it(`${reasonName(code)} is return code ${returned} before MQTT 5.0`, () => {
      assert.equal(connackReturnCode(code), returned);
    });
  }

  it('stand beside packet names', () => {
    assert.equal(packetName(0), undefined);
    assert.equal(packetName(15), 'auth');
  });
});
