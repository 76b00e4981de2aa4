import assert from 'node:assert/strict';
import { farSideFault } from '../../src/endpoint/far-side-fault.ts';

describe('farSideFault', () => {
  for (const [code, fault] of [
    ['ECONNREFUSED', 'FAR_SIDE_GONE'],
    ['ENOTFOUND', 'FAR_SIDE_GONE'],
    ['CERT_HAS_EXPIRED', 'FAR_SIDE_UNTRUSTED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'FAR_SIDE_UNTRUSTED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'FAR_SIDE_UNTRUSTED'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'LINK_REFUSED'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'LINK_REFUSED'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'FAR_SIDE_GONE'],
  ] as const) {
    it(`${code} is ${fault}`, () => {
      const cause = Object.assign(new Error('x'), { code });
      const made = farSideFault('mqtts://x:1', cause);
      assert.equal(made.code, fault);
      assert.equal(made.cause, cause);
    });
  }

  it('names the alert the far side sent', () => {
    const { message } = farSideFault(
      'u',
      Object.assign(new Error('x'), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }),
    );
    assert.match(message, /TLS certificate required/);
  });

  it('takes what is no error', () => {
    assert.equal(farSideFault('u', 'odd').code, 'FAR_SIDE_GONE');
  });
});
