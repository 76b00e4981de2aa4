import { createPublicKey, X509Certificate } from 'node:crypto';
import { Fault } from '../fault.ts';
import { isRecord } from '../is-record.ts';

/** What a new edge host must know, carried by a person: whom to ask, whom to trust, and why it may ask. */
export interface JoinCode {
  /** Controller: `https://host:port`. */
  readonly url: string;
  /** CA certificate of the controller, PEM. */
  readonly ca: string;
  /** Valid for one host. */
  readonly token: string;
  /** SPKI PEM whose releases will be run. */
  readonly releaseKey: string;
}

/** The path the controller answers joins on. */
export const JOIN_PATH = '/fleet/join';

export interface JoinRequest {
  readonly token: string;
  /** PKCS #10, PEM. */
  readonly csr: string;
}

export interface JoinAnswer {
  readonly edgeId: string;
  /** Client certificate, PEM. */
  readonly certificate: string;
  /** `mqtts://host:port` */
  readonly broker: string;
}

export function encodeJoinCode(code: JoinCode): string {
  return Buffer.from(JSON.stringify(code)).toString('base64url');
}

/** Throws JOIN_CODE_INVALID. */
export function decodeJoinCode(text: string): JoinCode {
  try {
    const value: unknown = JSON.parse(Buffer.from(text.trim(), 'base64url').toString('utf8'));
    const { url, ca, token, releaseKey } = texts(value, ['url', 'ca', 'token', 'releaseKey']);
    if (new URL(url).protocol !== 'https:') throw new Error('its address is not https');
    if (!new X509Certificate(ca).ca) throw new Error('its certificate is not of a CA');
    if (!isPublicKey(releaseKey)) throw new Error('its release key cannot be read');
    return { url, ca, token, releaseKey };
  } catch (error) {
    const problem = error instanceof SyntaxError ? 'it is not complete' : (error as Error).message;
    throw new Fault('JOIN_CODE_INVALID', { problem }, { cause: error });
  }
}

function isPublicKey(pem: string): boolean {
  try {
    return createPublicKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false; // The words of OpenSSL help nobody.
  }
}

/** These members of a value, all texts; throws an Error that names the first that is not. */
export function texts<Name extends string>(value: unknown, names: readonly Name[]): Record<Name, string> {
  const found: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const member = isRecord(value) ? value[name] : undefined;
    if (typeof member !== 'string') throw new Error(`${name} is missing`);
    found[name] = member;
  }
  return found as Record<Name, string>;
}
