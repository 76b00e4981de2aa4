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

  for (const [code, level, returned] of [
    [reasonCode.success, 3, 0],
    [reasonCode.success, 4, 0],
    [reasonCode.unsupportedProtocolVersion, 4, 1],
    [reasonCode.clientIdentifierNotValid, 4, 2],
    [reasonCode.serverBusy, 4, 3],
    [reasonCode.badUserNameOrPassword, 3, 4],
    [reasonCode.badUserNameOrPassword, 4, 5],
    [reasonCode.notAuthorized, 3, 5],
    [reasonCode.notAuthorized, 4, 5],
  ] as const) {
    it(`${reasonName(code)} is return code ${returned} at level ${level}`, () => {
      assert.equal(connackReturnCode(code, level), returned);
    });
  }

  it('stand beside packet names', () => {
    assert.equal(packetName(0), undefined);
    assert.equal(packetName(15), 'auth');
  });
});
