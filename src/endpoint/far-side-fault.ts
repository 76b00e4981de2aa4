import { Fault } from '../fault.ts';

/** Codes OpenSSL and node:tls give when a certificate does not verify (X509_verify_cert_error_string(3), node:tls). */
const UNTRUSTED =
  /^(CERT_|CRL_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$)/;

/** Why a connection failed, as a fault: FAR_SIDE_UNTRUSTED for a certificate that does not verify, else FAR_SIDE_GONE. */
export function farSideFault(url: string, error: unknown): Fault {
  const cause = error instanceof Error ? error : new Error(String(error));
  if ('code' in cause && typeof cause.code === 'string' && UNTRUSTED.test(cause.code)) {
    return new Fault('FAR_SIDE_UNTRUSTED', { url, reason: cause.message }, { cause });
  }
  return new Fault('FAR_SIDE_GONE', { url }, { cause });
}
