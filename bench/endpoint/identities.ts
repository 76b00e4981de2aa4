import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority, type IssuedCertificate } from '../../src/security/certificates.ts';

/** Certificates for both ends, PEM texts. */
export interface Identities {
  readonly ca: string;
  readonly server: IssuedCertificate;
  readonly client: IssuedCertificate;
}

export async function makeIdentities(): Promise<Identities> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-bench-'));
  try {
    const authority = await openAuthority(folder);
    const server = await authority.issuePeer({ commonName: 'server', names: ['127.0.0.1'] });
    return { ca: authority.ca, server, client: await authority.issueClient({ commonName: 'client' }) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
