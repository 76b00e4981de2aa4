import { createHash, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { Fault } from '../../fault.ts';
import type { AllowedPeer } from './settings.ts';

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

/** Names by fingerprint; empty for a peer that goes by its certificate's. Throws SETTINGS_INVALID. */
export function parsePins(pins: readonly (string | AllowedPeer)[]): ReadonlyMap<string, string> {
  return new Map(
    pins.map((pin) => (typeof pin === 'string' ? [parsePin(pin), ''] : [parsePin(pin.fingerprint), pin.name])),
  );
}

/** Whether one of these authorities has signed it, and it is valid now. PEM text of one or several. */
export function isOfCa(ca: string, certificate: X509Certificate): boolean {
  const now = Date.now();
  if (now < certificate.validFromDate.getTime() || now > certificate.validToDate.getTime()) return false;
  const authorities = ca.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g) ?? [];
  return authorities
    .map((text) => new X509Certificate(text))
    .some((authority) => certificate.checkIssued(authority) && certificate.verify(authority.publicKey));
}

export function farSideOf(socket: TLSSocket): FarSide {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined ? { fingerprint: '', name: 'nobody' } : sideOf(certificate);
}

/** Whom a certificate names. PEM text or what was parsed of one. */
export function sideOf(cert: string | X509Certificate): FarSide {
  const certificate = typeof cert === 'string' ? new X509Certificate(cert) : cert;
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
