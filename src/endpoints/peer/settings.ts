import type { LinkLimits, Listener } from '../../endpoint/endpoint.ts';

/** Who we are. The certificate may be self-signed: the far side knows it by its fingerprint. PEM texts. */
export interface PeerIdentity {
  readonly cert: string;
  readonly key: string;
  /** When given, the far side's certificate must be signed by it too, beside being pinned. */
  readonly ca?: string;
}

export interface PeerLinkSettings extends LinkLimits {
  /** `peer://host:port`. */
  readonly url: string;
  readonly tls: PeerIdentity;
  /** SHA-256 fingerprint of the far side's certificate: 64 hex digits, with or without colons. */
  readonly pin: string;
}

export interface PeerListenSettings extends LinkLimits, PeerIdentity {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Fingerprints of the clients that may connect. */
  readonly pins: readonly string[];
  /** Far sides at once; more are not taken in. Default 256. */
  readonly maxConnections?: number;
}

export interface PeerListener extends Listener {
  readonly port: number;
  /** Far sides turned away so far: unknown fingerprint, or no TLS handshake. */
  readonly refused: number;
}
