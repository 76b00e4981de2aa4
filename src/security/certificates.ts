import { createHash, X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';

/** The upper bound of the attribute (RFC 5280, A.1, ub-common-name). */
const COMMON_NAME_LENGTH = 64;

/** Why a text cannot be the identity in a certificate. */
export function commonNameProblem(name: string): string | undefined {
  if (name === '') return 'the name is empty';
  if (name.length > COMMON_NAME_LENGTH) return `the name is longer than ${COMMON_NAME_LENGTH} characters`;
  return /^[\w.:@-]+$/.test(name) ? undefined : 'the name holds other characters than letters, digits and . : @ _ -';
}

/** SHA-256 of the certificate in DER, 64 hex digits: what peers pin. */
export function fingerprintOf(certPem: string): string {
  return createHash('sha256').update(new X509Certificate(certPem).raw).digest('hex');
}

/** The names a listener on this machine is reached by. */
export function localNames(): string[] {
  return [...new Set(['localhost', '127.0.0.1', '::1', hostname()])];
}
