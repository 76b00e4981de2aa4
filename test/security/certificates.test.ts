import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { once } from 'node:events';
import { createRequest } from '../../src/security/certificate-request.ts';
import { fingerprintOf, localNames, openAuthority, type Authority } from '../../src/security/certificates.ts';
import { commonNameProblem } from '../../src/security/common-name.ts';
import { openServerIdentity } from '../../src/security/server-identity.ts';
import { identityOf } from '../../src/front-door/door.ts';
import { isFault } from '../../src/fault.ts';

const run = promisify(execFile);

describe('The local authority', () => {
  let folder: string;
  let authority: Authority;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'chartwire-authority-')), 'ca');
    authority = await openAuthority(folder);
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  /** One mutual TLS handshake over a real socket: what the server saw and the version spoken. */
  async function handshake(
    server: { cert: string; key: string },
    client: { cert?: string; key?: string },
    servername = 'localhost',
  ): Promise<{ identity: string | undefined; protocol: string | null; trusted: boolean }> {
    const listener = createServer({
      ...server,
      ca: authority.ca,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
    });
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    const accepted = once(listener, 'secureConnection') as Promise<[TLSSocket]>;
    const socket = connect({
      port: (listener.address() as AddressInfo).port,
      host: '127.0.0.1',
      servername,
      ca: authority.ca,
      ...client,
    });
    try {
      await once(socket, 'secureConnect');
      const [peer] = await accepted;
      return { identity: identityOf(peer), protocol: peer.getProtocol(), trusted: socket.authorized };
    } finally {
      socket.destroy();
      accepted.catch(() => undefined);
      listener.close();
    }
  }

  it('gives certificates that both ends of mutual TLS 1.3 accept, with the identity in the subject', async () => {
    const server = await authority.issueServer({ names: localNames() });
    const client = await authority.issueClient({ commonName: 'edge-7' });
    assert.deepEqual(await handshake(server, client), { identity: 'edge-7', protocol: 'TLSv1.3', trusted: true });
  });

  it('gives peers one certificate for both roles', async () => {
    const peer = await authority.issuePeer({ commonName: 'peer-a', names: ['localhost'] });
    assert.equal((await handshake(peer, peer)).identity, 'peer-a');
  });

  it('does not let a client certificate serve, nor a name be served that is not in it', async () => {
    const client = await authority.issueClient({ commonName: 'edge-7' });
    await assert.rejects(handshake(client, {}), { code: 'INVALID_PURPOSE' });
    const server = await authority.issueServer({ names: ['localhost'] });
    await assert.rejects(handshake(server, {}, 'other.example'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  it('has no identity for a client of another authority', async () => {
    const other = await openAuthority(join(folder, '..', 'other'));
    const stranger = await other.issueClient({ commonName: 'chartwire-controller' });
    const server = await authority.issueServer({ names: ['localhost'] });
    assert.equal((await handshake(server, stranger)).identity, undefined);
  });

  it('is accepted by openssl', async () => {
    const server = await authority.issueServer({ names: localNames() });
    const file = join(folder, '..', 'server.pem');
    await writeFile(file, server.cert);
    const { stdout } = await run('openssl', ['verify', '-x509_strict', '-CAfile', join(folder, 'ca.crt'), file]);
    assert.match(stdout, /: OK/);
  });

  it('keeps its files for the owner only and is the same after a restart', async () => {
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    for (const name of ['ca.key', 'ca.crt']) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600);
    assert.equal((await openAuthority(folder)).ca, authority.ca);
  });

  it('is one authority when it is first opened many times at once', async () => {
    const fresh = join(folder, '..', 'fresh');
    const all = await Promise.all(Array.from({ length: 8 }, () => openAuthority(fresh)));
    assert.equal(new Set(all.map(({ ca }) => fingerprintOf(ca))).size, 1);
  });

  it('makes the certificate again from the key after a crash between the two', async () => {
    await rm(join(folder, 'ca.crt'));
    const client = await (await openAuthority(folder)).issueClient({ commonName: 'edge-7' });
    assert.ok(new X509Certificate(client.cert).verify(new X509Certificate(authority.ca).publicKey));
  });

  it('says which file is wrong instead of making a new authority', async () => {
    await rm(join(folder, 'ca.key'));
    await assert.rejects(openAuthority(folder), (error) => isFault(error) && error.code === 'CERTIFICATE_UNUSABLE');
    await writeFile(join(folder, 'ca.key'), 'no key');
    await assert.rejects(openAuthority(folder), (error) => isFault(error) && error.line.includes('ca.key'));
  });

  it('signs the key of a request under the name we give', async () => {
    const { csr, key } = await createRequest();
    const { cert } = await authority.signRequest(csr, 'edge-9');
    const server = await authority.issueServer({ names: ['localhost'] });
    assert.equal((await handshake(server, { cert, key })).identity, 'edge-9');
  });

  it('ignores the subject a requester chose', async () => {
    const file = join(folder, '..', 'request.csr');
    const key = join(folder, '..', 'request.key');
    const args = ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    await run('openssl', [...args, '-subj', '/CN=chartwire-controller', '-keyout', key, '-out', file]);
    const { cert } = await authority.signRequest(await readFile(file, 'utf8'), 'edge-1');
    assert.equal(new X509Certificate(cert).subject, 'CN=edge-1');
  });

  it('refuses a request that does not prove its key', async () => {
    const { csr } = await createRequest();
    const der = Buffer.from(csr.replaceAll(/-----.*-----|\n/g, ''), 'base64');
    der[der.length - 1]! ^= 1;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    for (const request of [forged, 'nothing', '']) {
      await assert.rejects(
        authority.signRequest(request, 'edge-1'),
        (error) => isFault(error) && error.code === 'REQUEST_UNTRUSTED',
      );
    }
  });

  it('refuses identities that are no plain names', () => {
    for (const name of ['edge-7', 'chartwire-controller', 'host.example', 'a@b'])
      assert.equal(commonNameProblem(name), undefined);
    for (const name of ['', 'a/b', 'edge-+', 'edge-#', 'a,CN=b', 'x'.repeat(65), 'a\0b'])
      assert.ok(commonNameProblem(name));
  });

  it('keeps the server certificate until it is due, a name changes or the authority does', async () => {
    const home = join(folder, '..', 'tls');
    const first = await openServerIdentity(authority, home, localNames());
    assert.deepEqual(await openServerIdentity(authority, home, localNames().toReversed()), first);
    const renamed = await openServerIdentity(authority, home, [...localNames(), 'hub.example']);
    assert.notEqual(renamed.cert, first.cert);
    const due = await authority.issueServer({ names: ['localhost'], days: 29 });
    await writeFile(join(home, 'server.crt'), due.cert);
    await writeFile(join(home, 'server.key'), due.key);
    const renewed = await openServerIdentity(authority, home, ['localhost']);
    assert.notEqual(renewed.cert, due.cert);
    const other = await openAuthority(join(folder, '..', 'other'));
    assert.notEqual((await openServerIdentity(other, home, ['localhost'])).cert, renewed.cert);
    assert.equal((await stat(join(home, 'server.key'))).mode & 0o777, 0o600);
  });
});
