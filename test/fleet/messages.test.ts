import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { isFault } from '../../src/fault.ts';
import { FleetFile } from '../../src/fleet/fleet-file.ts';
import { decodeJoinCode, encodeJoinCode } from '../../src/fleet/join-code.ts';
import { fleetTopic, parseCommand, parseFleetTopic, parsePresence, parseReported } from '../../src/fleet/protocol.ts';
import { signerOf } from '../../src/fleet/signer.ts';
import { openAuthority } from '../../src/security/certificates.ts';

describe('Fleet messages', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
    fc.object().map((value) => Buffer.from(JSON.stringify({ online: 1, kind: 'report', running: null, ...value }))),
  );
  for (const [name, parse] of Object.entries({ parseReported, parsePresence, parseCommand })) {
    it(`of any bytes pass ${name} or are MESSAGE_INVALID`, () => {
      fc.assert(
        fc.property(anyBytes, (bytes) => {
          try {
            parse(bytes);
          } catch (error) {
            assert.ok(isFault(error) && error.code === 'MESSAGE_INVALID', String(error));
          }
        }),
      );
    });
  }

  it('report nothing the controller could not keep and show', () => {
    const good = { edgeId: 'a1', running: null, state: 'committed', at: 1, versions: {} };
    const running = { digest: 'd', version: 1, revision: 'r' };
    assert.ok(parseReported(Buffer.from(JSON.stringify({ ...good, running, reason: 'fine' }))));
    for (const wrong of [
      { state: 'x'.repeat(41) },
      { state: '\u001b[2J' },
      { reason: { a: 1 } },
      { reason: 'x'.repeat(16_385) },
      { digest: 5 },
      { running: { ...running, version: 'one' } },
    ]) {
      assert.throws(() => parseReported(Buffer.from(JSON.stringify({ ...good, ...wrong }))), {
        code: 'MESSAGE_INVALID',
      });
    }
  });

  it('have topics that are read as they were made, and no others', () => {
    assert.deepEqual(parseFleetTopic(fleetTopic('a1', 'reported')), { edgeId: 'a1', kind: 'reported' });
    for (const topic of ['chartwire/fleet/a1', 'chartwire/fleet/a1/b/c', 'x/chartwire/fleet/a/b']) {
      assert.equal(parseFleetTopic(topic), undefined);
    }
  });

  it('of any text as a join code are JOIN_CODE_INVALID', () => {
    const any = fc.oneof(
      fc.string(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    );
    fc.assert(fc.property(any, (text) => assert.throws(() => decodeJoinCode(text), { code: 'JOIN_CODE_INVALID' })));
  });
});

describe('A join code', () => {
  it('is refused before its token is used when a part of it cannot be', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chartwire-join-code-'));
    const { ca } = await openAuthority(folder);
    rmSync(folder, { recursive: true });
    const { publicKey: releaseKey } = signerOf(generateKeyPairSync('ed25519').privateKey);
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const code = { url: 'https://127.0.0.1:1', ca, token: 't', releaseKey };
    assert.deepEqual(decodeJoinCode(encodeJoinCode(code)), code);
    for (const wrong of [
      { url: 'http://127.0.0.1:1' },
      { ca: 'none' },
      { releaseKey: 'none' },
      { releaseKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() },
    ]) {
      assert.throws(() => decodeJoinCode(encodeJoinCode({ ...code, ...wrong })), { code: 'JOIN_CODE_INVALID' });
    }
  });
});

describe('The fleet file', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'chartwire-fleet-file-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('never gives a version twice, however many ask at once and however often it is opened', async () => {
    const file = await FleetFile.open(home);
    const versions = await Promise.all(Array.from({ length: 20 }, () => file.nextVersion()));
    versions.push(await (await FleetFile.open(home)).nextVersion());
    assert.deepEqual(
      versions,
      Array.from({ length: 21 }, (_, index) => index + 1),
    );
  });

  it('holds no token, and turns one into a host once', async () => {
    const file = await FleetFile.open(home);
    const token = await file.invite('pump');
    assert.ok(!readFileSync(join(home, 'fleet.json'), 'utf8').includes(token));
    assert.equal(statSync(join(home, 'fleet.json')).mode & 0o777, 0o600);
    await file.burn(token);
    await file.burn(token);
    assert.equal(file.find(token), undefined);
    assert.deepEqual(
      (await FleetFile.open(home)).hosts.map(({ name }) => name),
      ['pump'],
    );
  });

  it('that is damaged is said to be, not overwritten', async () => {
    writeFileSync(join(home, 'fleet.json'), '{"version":');
    await assert.rejects(FleetFile.open(home), { code: 'FILE_DAMAGED' });
  });
});
