import { createHash, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Fault } from '../../fault.ts';

/** What the far side proved to be by its certificate. */
export interface FarSide {
  /** SHA-256 of the certificate in DER, 64 lower-case hex digits; empty when it showed none. */
  readonly fingerprint: string;
  /** Common name of the certificate's subject; the fingerprint when it has none. */
  readonly name: string;
}

/** A pin in the form fingerprints have here. Throws SETTINGS_INVALID. */
export function parsePin(text: string): string {
  const pin = text.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(pin)) return pin;
  throw new Fault('SETTINGS_INVALID', {
    problems: `${JSON.stringify(text)} is no SHA-256 fingerprint (64 hex digits)`,
  });
}

export function farSideOf(socket: TLSSocket): FarSide {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { fingerprint: '', name: 'nobody' };
  const fingerprint = createHash('sha256').update(certificate.raw).digest('hex');
  return { fingerprint, name: commonName(certificate) ?? fingerprint };
}

function commonName({ subject }: X509Certificate): string | undefined {
  // node prints one attribute a line: `CN=name`.
  return subject
    ?.split('\n')
    .find((line) => line.startsWith('CN='))
    ?.slice(3);
}
