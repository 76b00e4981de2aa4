import { Fault } from '../fault.ts';
import { ProxyRefusal } from './proxy.ts';

/** Codes OpenSSL and node:tls give when a certificate does not verify (X509_verify_cert_error_string(3), node:tls). */
const UNTRUSTED =
  /^(CERT_|CRL_|ERR_TLS_CERT_|DEPTH_ZERO_SELF_SIGNED_CERT$|SELF_SIGNED_CERT_IN_CHAIN$|UNABLE_TO_|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$)/;
/** An alert the far side sent, by its name in RFC 8446, 6: it does not want us. */
const ALERT = /^ERR_SSL_.*_ALERT_(.+)$/;

/**
 * Why a connection failed, as a fault: FAR_SIDE_UNTRUSTED for a certificate that does not verify, LINK_REFUSED when the far
 * side broke the handshake off (it wants a certificate, or another one) or a proxy did not let us through, else FAR_SIDE_GONE.
 */
export function farSideFault(url: string, error: unknown): Fault {
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (cause instanceof ProxyRefusal) {
    return new Fault('LINK_REFUSED', { url: `the proxy ${cause.proxy}`, answer: String(cause.status) }, { cause });
  }
  if (UNTRUSTED.test(code)) return new Fault('FAR_SIDE_UNTRUSTED', { url, reason: cause.message }, { cause });
  const alert = ALERT.exec(code)?.[1];
  if (alert === undefined) return new Fault('FAR_SIDE_GONE', { url }, { cause });
  return new Fault('LINK_REFUSED', { url, answer: `TLS ${alert.toLowerCase().replaceAll('_', ' ')}` }, { cause });
}
