import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { pem } from '../../../nodes/adapter/link-settings.ts';
import { urlProblem } from '../../../nodes/adapter/link-fields.ts';

describe('a PEM text', () => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

  it('gets back the line ends that a form has dropped, a chain too', () => {
    const text = String(key);
    assert.equal(pem(text), text);
    assert.equal(pem(text.replaceAll('\n', '')), text);
    assert.equal(pem((text + text).replaceAll('\n', ' ')), text + text);
  });

  it('is left alone when it is none', () => {
    assert.equal(pem('no PEM'), 'no PEM');
  });
});

describe('an address', () => {
  it('must be of its protocol and hold no secret', () => {
    assert.equal(urlProblem('mqtts://[::1]:8883', 'mqtts'), undefined);
    for (const wrong of ['', 'mqtt://a', 'https://a', 'mqtts://', 'a:b', 'mqtts://user@a', 'mqtts://u:p@a']) {
      assert.notEqual(urlProblem(wrong, 'mqtts'), undefined, wrong);
    }
  });
});
