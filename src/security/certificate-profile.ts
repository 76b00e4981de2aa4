import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
  type X509Certificate,
} from '@peculiar/x509';
import { SIGNING, type KeyPair } from './key-pair.ts';

const DAY_IN_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;

/** What a certificate says beside its key. */
export interface LeafProfile {
  readonly commonName: string;
  /** DNS names and IP addresses. */
  readonly names: readonly string[];
  readonly use: 'server' | 'client' | 'both';
  readonly days: number;
}

/** The certificate of a CA that signs leaves only (RFC 5280, 4.2.1.9: path length 0). */
export async function authorityCertificate(keys: KeyPair, commonName: string): Promise<X509Certificate> {
  return X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: [{ CN: [commonName] }],
    ...validity(AUTHORITY_DAYS),
    keys: { ...keys },
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
}

/** A certificate for `publicKey`, signed by the CA. */
export async function leafCertificate(
  ca: { cert: X509Certificate; keys: KeyPair },
  publicKey: CryptoKey,
  profile: LeafProfile,
): Promise<X509Certificate> {
  const extensions: Extension[] = [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension(extendedUsages(profile.use)),
    await SubjectKeyIdentifierExtension.create(publicKey),
    await AuthorityKeyIdentifierExtension.create(ca.keys.publicKey),
  ];
  if (profile.names.length > 0) {
    const names = profile.names.map((name) => ({
      type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const),
      value: name,
    }));
    extensions.push(new SubjectAlternativeNameExtension(names));
  }
  return X509CertificateGenerator.create({
    serialNumber: newSerial(),
    subject: [{ CN: [profile.commonName] }],
    issuer: ca.cert.subjectName,
    ...validity(profile.days),
    publicKey,
    signingKey: ca.keys.privateKey,
    signingAlgorithm: SIGNING,
    extensions,
  });
}

function extendedUsages(use: LeafProfile['use']): ExtendedKeyUsage[] {
  if (use === 'server') return [ExtendedKeyUsage.serverAuth];
  if (use === 'client') return [ExtendedKeyUsage.clientAuth];
  return [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth];
}

/** Starts a day early: edge hosts without a clock battery come up behind. */
function validity(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - DAY_IN_MS), notAfter: new Date(now + days * DAY_IN_MS) };
}

/** 127 random bits, positive (RFC 5280, 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}
