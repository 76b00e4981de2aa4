import 'reflect-metadata';
import { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { Fault } from '../fault.ts';
import { newKeyPair, privateKeyPem, SIGNING } from './key-pair.ts';

/** A new key and the request to have it certified; the key never leaves the requester. */
export async function createRequest(): Promise<{ csr: string; key: string }> {
  const keys = await newKeyPair();
  const request = await Pkcs10CertificateRequestGenerator.create({ keys: { ...keys }, signingAlgorithm: SIGNING });
  return { csr: `${request.toString('pem')}\n`, key: await privateKeyPem(keys) };
}

/** The public key of a request whose signature proves that the requester holds the private half. Throws REQUEST_UNTRUSTED. */
export async function provenKey(csrPem: string): Promise<CryptoKey> {
  let request: Pkcs10CertificateRequest;
  try {
    request = new Pkcs10CertificateRequest(csrPem);
  } catch (error) {
    throw new Fault('REQUEST_UNTRUSTED', { reason: 'it is not a PKCS #10 request' }, { cause: error });
  }
  let proven = false;
  try {
    proven = await request.verify();
    if (proven) return await request.publicKey.export({ name: 'ECDSA', namedCurve: 'P-256' }, ['verify']);
  } catch (error) {
    throw new Fault('REQUEST_UNTRUSTED', { reason: 'its key is not a P-256 key' }, { cause: error });
  }
  throw new Fault('REQUEST_UNTRUSTED', { reason: 'its signature does not prove its key' });
}
