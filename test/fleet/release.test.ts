import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { FaultCode } from '../../src/fault.ts';
import { canonicalJson, type CanonicalValue } from '../../src/fleet/canonical-json.ts';
import { decodeRelease, encodeRelease, MAX_DOCUMENT_BYTES } from '../../src/fleet/release-document.ts';
import { openRelease, sealRelease, type SealedRelease } from '../../src/fleet/release.ts';
import { openSigner } from '../../src/fleet/signer.ts';
import { ANY_VERSION, newSigner, seal, signer, tickingFlow, trusted } from './release-samples.ts';

describe('A release', () => {
  const sealed = sealRelease(
    { name: 'ticks', flows: tickingFlow('one'), version: 3, chart: 'graph TD; A-->B', minVersions: ANY_VERSION },
    signer,
  );

  it('opens as what was sealed, after its way over the wire', () => {
    const release = openRelease(decodeRelease(encodeRelease(sealed)), trusted, 2);
    assert.deepEqual(release.flows, tickingFlow('one'));
    assert.equal(release.chart, 'graph TD; A-->B');
    assert.equal(release.digest, sealed.digest);
    assert.deepEqual(release.manifest.nodeTypes, ['function', 'inject']);
  });

  const tampered: [string, Partial<SealedRelease>, FaultCode][] = [
    ['changed flows', { flows: JSON.stringify(tickingFlow('two')) }, 'RELEASE_DIGEST_MISMATCH'],
    ['a changed chart', { chart: 'graph TD; A-->C' }, 'RELEASE_DIGEST_MISMATCH'],
    ['another digest', { digest: '0'.repeat(64) }, 'RELEASE_DIGEST_MISMATCH'],
    [
      'a changed manifest',
      { manifest: sealed.manifest.replace('"version":3', '"version":9') },
      'RELEASE_SIGNATURE_INVALID',
    ],
    ['a broken signature', { signature: Buffer.alloc(64).toString('base64') }, 'RELEASE_SIGNATURE_INVALID'],
    ['no signature', { signature: '' }, 'RELEASE_SIGNATURE_INVALID'],
    ['the signature of another key', { ...seal(tickingFlow('one'), 3, newSigner()) }, 'RELEASE_SIGNATURE_INVALID'],
  ];
  for (const [what, change, code] of tampered) {
    it(`with ${what} is refused`, () => {
      assert.throws(() => openRelease({ ...sealed, ...change }, trusted), { code });
    });
  }

  it('that is not newer than the committed one is refused', () => {
    assert.throws(() => openRelease(sealed, trusted, 3), { code: 'RELEASE_TOO_OLD' });
  });

  it('never carries credentials', () => {
    const flows = [{ id: 'a', type: 'mqtt-broker', credentials: { password: 'secret' } }];
    assert.throws(() => seal(flows, 1), { code: 'RELEASE_INVALID', message: /credentials/ });
  });

  it('larger than one message is refused by the sender', () => {
    const noise = Array.from({ length: MAX_DOCUMENT_BYTES }, () => String.fromCharCode(33 + Math.random() * 90)).join(
      '',
    );
    const large = seal([{ id: 'a', type: 'comment', info: noise + noise }], 1);
    assert.throws(() => encodeRelease(large), { code: 'PAYLOAD_TOO_LARGE' });
  });

  it('made of any bytes never gets past the border with anything but RELEASE_INVALID', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          assert.throws(() => decodeRelease(bytes), { code: 'RELEASE_INVALID' });
        },
      ),
    );
  });

  it('has a manifest whose canonical text does not depend on the order of its names', () => {
    const value = fc.letrec<{ value: CanonicalValue }>((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (record) => {
        const turned = Object.fromEntries(Object.entries(record).reverse());
        assert.equal(canonicalJson(turned), canonicalJson(record));
        assert.deepEqual(JSON.parse(canonicalJson(record)), JSON.parse(JSON.stringify(record)));
      }),
    );
  });
});

describe('The release key', () => {
  it('is kept in a file for its owner alone, and is the same next time', async () => {
    const home = mkdtempSync(join(tmpdir(), 'chartwire-signer-'));
    try {
      const first = await openSigner(home);
      assert.equal((await openSigner(home)).keyId, first.keyId);
      assert.equal(statSync(join(home, 'release-key.pem')).mode & 0o777, 0o600);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
