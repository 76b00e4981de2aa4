import { createPrivateKey, createPublicKey } from 'node:crypto';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** How every signature of ours is made. */
export const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;

export interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** A new P-256 pair, exportable. */
export function newKeyPair(): Promise<KeyPair> {
  return crypto.subtle.generateKey(P256, true, ['sign', 'verify']);
}

/** PKCS #8 PEM of the private half. */
export async function privateKeyPem(pair: KeyPair): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

/** The pair of a PKCS #8 PEM; rejects for anything but a P-256 key. */
export async function keyPairOf(pem: string): Promise<KeyPair> {
  const key = createPrivateKey(pem);
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), P256, true, ['sign']),
    publicKey: await crypto.subtle.importKey('spki', new Uint8Array(spki), P256, true, ['verify']),
  };
}
