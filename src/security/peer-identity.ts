import { join } from 'node:path';
import { fingerprintOf, type Authority } from './certificates.ts';
import { readSecret, writeSecret } from './secret-file.ts';

/** Ten years: others know it by its fingerprint, so each new one must be told to all of them. */
const DAYS = 3650;

/** What this Chartwire shows its peers. PEM texts. */
export interface OwnPeerIdentity {
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** Where it is kept, and who makes it. */
interface Home {
  readonly authority: Authority;
  readonly home: string;
}

const identities = new WeakMap<Home, Promise<OwnPeerIdentity>>();

/** The identity kept in the home's certificates as `peer.crt` and `peer.key`; both are made on first use. */
export function peerIdentity(services: Home): Promise<OwnPeerIdentity> {
  let identity = identities.get(services);
  if (identity === undefined) {
    identity = openIdentity(services);
    identities.set(services, identity);
  }
  return identity;
}

async function openIdentity({ authority, home }: Home): Promise<OwnPeerIdentity> {
  const certFile = join(home, 'certificates', 'peer.crt');
  const keyFile = join(home, 'certificates', 'peer.key');
  const cert = await readSecret(certFile);
  const key = await readSecret(keyFile);
  if (cert !== undefined && key !== undefined) {
    return { cert: cert.text, key: key.text, fingerprint: fingerprintOf(cert.text) };
  }
  const issued = await authority.issuePeer({ commonName: 'chartwire-peer', names: [], days: DAYS });
  await writeSecret(keyFile, issued.key);
  await writeSecret(certFile, issued.cert);
  return { ...issued, fingerprint: fingerprintOf(issued.cert) };
}
