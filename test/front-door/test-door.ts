import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Door } from '../../src/front-door/door.ts';
import type { DoorLimits } from '../../src/front-door/door-limits.ts';
import { openDoor } from '../../src/front-door/open-door.ts';
import type { TlsIdentity } from '../../src/endpoint/endpoint.ts';
import { openAuthority, type Authority, type IssuedCertificate } from '../../src/security/certificates.ts';

/** A throw-away CA with one server certificate, one client called `tester` and a stranger of another CA. */
export interface TestIdentities {
  readonly authority: Authority;
  readonly server: IssuedCertificate;
  readonly client: TlsIdentity;
  readonly stranger: TlsIdentity;
}

let made: Promise<TestIdentities> | undefined;

/** The same identities for every test of a run: keys take time to make. */
export async function testIdentities(): Promise<TestIdentities> {
  made ??= makeIdentities();
  return await made;
}

async function makeIdentities(): Promise<TestIdentities> {
  const authority = await inTemporaryFolder(openAuthority);
  const other = await inTemporaryFolder(openAuthority);
  const client = await authority.issueClient({ commonName: 'tester' });
  const stranger = await other.issueClient({ commonName: 'tester' });
  return {
    authority,
    server: await authority.issueServer({ names: ['localhost', '127.0.0.1'] }),
    client: { ca: authority.ca, ...client },
    stranger: { ca: other.ca, ...stranger },
  };
}

async function inTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-test-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function openTestDoor(
  limits: DoorLimits = {},
  port = 0,
  onFault?: (error: unknown) => void,
): Promise<Door> {
  const { server, authority } = await testIdentities();
  const settings = { host: '127.0.0.1', port, cert: server.cert, key: server.key, ca: authority.ca, limits };
  return await openDoor(onFault === undefined ? settings : { ...settings, onFault });
}
