import 'reflect-metadata';
import { randomBytes, X509Certificate as NodeCertificate, createPrivateKey } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { X509Certificate } from '@peculiar/x509';
import { Fault } from '../fault.ts';
import { authorityCertificate } from './certificate-profile.ts';
import { keyPairOf, newKeyPair, privateKeyPem, type KeyPair } from './key-pair.ts';
import { createSecret, readSecret, writeSecret } from './secret-file.ts';

/** Below this rest of life the CA's certificate is made anew with the same key: leaves live up to 397 days. */
const RENEW_BEFORE_MS = 400 * 24 * 60 * 60 * 1000;

export interface AuthorityFiles {
  readonly cert: X509Certificate;
  readonly keys: KeyPair;
}

/**
 * Reads or makes `ca.key` and `ca.crt`. The key comes first and the first writer wins, so a crash between the two and two
 * processes starting at once both end with one CA.
 */
export async function openAuthorityFiles(folder: string): Promise<AuthorityFiles> {
  const keyFile = join(folder, 'ca.key');
  const certFile = join(folder, 'ca.crt');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if ((await readSecret(keyFile)) === undefined) {
    if ((await readSecret(certFile)) !== undefined) throw unusable(certFile, `${keyFile} is missing`);
    await createSecret(keyFile, await privateKeyPem(await newKeyPair()));
  }
  const keyPem = await textOf(keyFile);
  const keys = await parse(keyFile, () => keyPairOf(keyPem));
  if ((await readSecret(certFile)) === undefined) await createSecret(certFile, await newCertificate(keys));
  const certPem = await textOf(certFile);
  const known = await parse(certFile, () => new NodeCertificate(certPem));
  if (!known.checkPrivateKey(createPrivateKey(keyPem))) throw unusable(certFile, `it does not belong to ${keyFile}`);
  if (Date.parse(known.validTo) - Date.now() > RENEW_BEFORE_MS) return { cert: new X509Certificate(certPem), keys };
  const renewed = await authorityCertificate(keys, commonNameOf(known));
  await writeSecret(certFile, `${renewed.toString('pem')}\n`);
  return { cert: renewed, keys };
}

async function newCertificate(keys: KeyPair): Promise<string> {
  // Two CAs of one name confuse the programs that trust both.
  const certificate = await authorityCertificate(keys, `Chartwire local CA ${randomBytes(4).toString('hex')}`);
  return `${certificate.toString('pem')}\n`;
}

/** Leaves name their issuer by subject, so a renewed CA must keep it. */
function commonNameOf(certificate: NodeCertificate): string {
  return certificate.subject.slice(certificate.subject.indexOf('CN=') + 'CN='.length);
}

async function textOf(path: string): Promise<string> {
  const secret = await readSecret(path);
  if (secret === undefined) throw unusable(path, 'it vanished');
  return secret.text;
}

async function parse<Parsed>(path: string, read: () => Parsed | Promise<Parsed>): Promise<Parsed> {
  try {
    return await read();
  } catch (error) {
    throw unusable(path, 'it cannot be read', error);
  }
}

function unusable(file: string, reason: string, cause?: unknown): Fault {
  return new Fault('CERTIFICATE_UNUSABLE', { file, reason }, { cause });
}
