import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  fingerprintOf,
  openAuthority,
  type Authority,
  type IssuedCertificate,
} from '../../../src/security/certificates.ts';

/** Certificates of an authority in a folder of its own; `close` removes it. */
export interface Identities extends AsyncDisposable {
  readonly authority: Authority;
  peer(commonName: string): Promise<IssuedCertificate & { fingerprint: string }>;
  close(): Promise<void>;
}

export async function openIdentities(): Promise<Identities> {
  const folder = await mkdtemp(join(tmpdir(), 'chartwire-peer-'));
  const authority = await openAuthority(folder);
  const close = async (): Promise<void> => await rm(folder, { recursive: true });
  return {
    authority,
    peer: async (commonName) => {
      const issued = await authority.issuePeer({ commonName, names: ['127.0.0.1'] });
      return { ...issued, fingerprint: fingerprintOf(issued.cert) };
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
