import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartwire } from '../../support/cli.ts';
import { startChartwire } from '../../support/host.ts';

describe('the fingerprint of a Chartwire', () => {
  it('is what its status tells, before there is any peer node: the other side needs it first', async () => {
    await using host = await startChartwire();
    const { code, out } = await chartwire('status', '--home', host.home);
    const { fingerprint256 } = new X509Certificate(await readFile(join(host.home, 'certificates', 'peer.crt')));
    const fingerprint = fingerprint256.replaceAll(':', '').toLowerCase();
    assert.equal(code, 0);
    assert.ok(out.includes(`fingerprint for peers: ${fingerprint}\n`), out);
    assert.equal((await host.status())['peerFingerprint'], fingerprint);
  });
});
