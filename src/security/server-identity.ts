import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { Authority } from './certificates.ts';
import { readSecret, writeSecret } from './secret-file.ts';

const RENEW_BEFORE_MS = 30 * 24 * 60 * 60 * 1000;

/** What a TLS listener needs: its certificate, key and the CA clients are verified with. PEM texts. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/**
 * The listener's certificate kept in `<folder>/server.crt` and `server.key`. It is made anew when there is none, when less
 * than 30 days remain, when a name is not in it, and when it is not of this CA. Call it daily to renew in time.
 */
export async function openServerIdentity(
  authority: Authority,
  folder: string,
  names: readonly string[],
): Promise<ServerIdentity> {
  const certFile = join(folder, 'server.crt');
  const keyFile = join(folder, 'server.key');
  const cert = await readSecret(certFile);
  const key = await readSecret(keyFile);
  if (cert !== undefined && key !== undefined && serves(cert.text, key.text, authority, names)) {
    return { cert: cert.text, key: key.text, ca: authority.ca };
  }
  const issued = await authority.issueServer({ names });
  await writeSecret(keyFile, issued.key);
  await writeSecret(certFile, issued.cert);
  return { ...issued, ca: authority.ca };
}

/** A crash between the two writes leaves a key that does not fit, which this finds too. */
function serves(certPem: string, keyPem: string, authority: Authority, names: readonly string[]): boolean {
  try {
    const cert = new X509Certificate(certPem);
    return (
      cert.checkPrivateKey(createPrivateKey(keyPem)) &&
      cert.verify(new X509Certificate(authority.ca).publicKey) &&
      Date.parse(cert.validTo) - Date.now() > RENEW_BEFORE_MS &&
      sameNames(cert.subjectAltName ?? '', names)
    );
  } catch {
    return false; // unreadable: it is replaced
  }
}

function sameNames(subjectAltName: string, names: readonly string[]): boolean {
  const held = subjectAltName.split(', ').map((entry) => canonical(entry.slice(entry.indexOf(':') + 1)));
  const wanted = names.map(canonical);
  return held.length === new Set(wanted).size && wanted.every((name) => held.includes(name));
}

/** Node prints IPv6 addresses in full upper-case groups (`0:0:0:0:0:0:0:1`). */
function canonical(name: string): string {
  return name.includes(':') ? new URL(`http://[${name}]`).host : name.toLowerCase();
}
