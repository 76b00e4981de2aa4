import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { Fault } from '../fault.ts';
import { createSecret, readSecret } from '../security/secret-file.ts';
import { digestOf } from './digest.ts';

/** Signs release manifests with Ed25519 (RFC 8032). The private key stays inside. */
export interface Signer {
  readonly keyId: string;
  /** SPKI PEM: what an edge host learns when it joins. */
  readonly publicKey: string;
  sign(bytes: Uint8Array): Uint8Array;
}

/** Public keys whose releases are run, by key id. */
export type TrustedKeys = ReadonlyMap<string, KeyObject>;

const FILE = 'release-key.pem';

/** The release key of this home, made on first use and kept in a file only its owner may read. Throws FILE_DAMAGED. */
export async function openSigner(home: string): Promise<Signer> {
  const path = join(home, FILE);
  const kept = await readSecret(path);
  if (kept !== undefined) return signerOf(keyOf(path, kept.text));
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await createSecret(path, pem);
  return openSigner(home);
}

/** A signer over a private Ed25519 key that is held elsewhere. */
export function signerOf(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

/** Trusts these SPKI PEM texts. */
export function trustedKeys(publicKeys: readonly string[]): TrustedKeys {
  return new Map(
    publicKeys.map((pem) => {
      const key = createPublicKey(pem);
      return [keyIdOf(key), key];
    }),
  );
}

function keyIdOf(publicKey: KeyObject): string {
  return digestOf(publicKey.export({ type: 'spki', format: 'der' }));
}

/** Never replaced by itself: no edge host would run what a new key signed. */
function keyOf(file: string, pem: string): KeyObject {
  const damaged = (reason: string, cause?: unknown): Fault => new Fault('FILE_DAMAGED', { file, reason }, { cause });
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw damaged('it holds no private key', error);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw damaged('its key is not of type Ed25519');
  return key;
}
