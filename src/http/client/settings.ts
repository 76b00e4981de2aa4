import type { SecureContext } from 'node:tls';
import type { ClientLimits } from './limits.ts';

export interface HttpClientSettings extends ClientLimits {
  /** Whom we trust and who we are; undefined: whom Node.js trusts, and nobody. */
  readonly secureContext: SecureContext | undefined;
  /** Name to verify instead of the host of the address. */
  readonly servername: string;
  /**
   * `auto`: HTTP/2 where TLS agrees on it (ALPN), else HTTP/1.1. `h2`: HTTP/2 only, in the clear by prior knowledge
   * (RFC 9113, 3.3). `http/1.1`: never HTTP/2.
   */
  readonly protocol: 'auto' | 'h2' | 'http/1.1';
  /** The proxy for an address. */
  readonly proxyFor: (url: URL) => URL | undefined;
  /** False: a connection for each request. */
  readonly keepAlive: boolean;
  /** Takes responses of HTTP/1.1 that break its rules. */
  readonly insecureParser: boolean;
}
