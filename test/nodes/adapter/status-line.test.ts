import assert from 'node:assert/strict';
import { LONGEST_STATUS, statusLine } from '../../../nodes/adapter/status-line.ts';
import { Fault } from '../../../src/fault.ts';

describe('an error under a node', () => {
  const url = 'https://127.0.0.1:8443/carry/c47a852db9961a33';

  it('is its code and what is wrong, without the address and what to do', () => {
    assert.equal(statusLine(new Fault('FAR_SIDE_GONE', { url })), 'FAR_SIDE_GONE: no connection');
    assert.equal(
      statusLine(new Fault('LINK_REFUSED', { url, answer: 'not authorized' })),
      'LINK_REFUSED: refused the connection: not authorized',
    );
    assert.equal(
      statusLine(new Fault('FAR_SIDE_UNTRUSTED', { url, reason: 'self-signed certificate' })),
      'FAR_SIDE_UNTRUSTED: the certificate is not trusted (self-signed certificate)',
    );
    assert.equal(statusLine(new Error('odd')), 'odd');
  });

  it('is cut where it would run into its neighbours', () => {
    const line = statusLine(new Fault('SETTINGS_INVALID', { problems: 'x'.repeat(500) }));
    assert.equal(line.length, LONGEST_STATUS);
    assert.match(line, /…$/);
  });
});
