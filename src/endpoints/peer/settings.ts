import type { LinkLimits, Listener } from '../../endpoint/endpoint.ts';
import type { Post } from './post.ts';
import type { PeerSide } from './side.ts';
import type { RefusalListener } from './refusals.ts';
import type { IceSettings } from './webrtc/session.ts';

/** Who we are. The certificate may be self-signed: the far side knows it by its fingerprint. PEM texts. */
export interface PeerIdentity {
  readonly cert: string;
  readonly key: string;
  /** When given, the far side's certificate must be signed by it too and be valid now, beside being pinned. */
  readonly ca?: string;
}

export interface PeerLinkSettings extends LinkLimits {
  /** `peer://host:port`, when it is known. */
  readonly url?: string;
  /** Looks for the far side on this network, by mDNS. Default false. */
  readonly discover?: boolean;
  /** Where to signal with the far side for a direct path through NATs. Closed with the link. */
  readonly post?: Post;
  /** A post that can relay, when {@link post} cannot. Closed with the link. */
  readonly relay?: Post;
  readonly ice?: IceSettings;
  /** False tries no direct path through the post: only its relay. Default true. */
  readonly direct?: boolean;
  /** False takes no relay, whatever the post can. Default true. */
  readonly relayed?: boolean;
  /** How long a direct path is tried before the relay is taken, in ms; then it is tried on. Default 1,500. */
  readonly relayAfterMs?: number;
  /** First and longest pause before a relayed link tries a direct path again, in ms. Default 5,000 and 300,000. */
  readonly upgradeFirstMs?: number;
  readonly upgradeLongestMs?: number;
  readonly tls: PeerIdentity;
  /** SHA-256 fingerprint of the far side's certificate: 64 hex digits, with or without colons. */
  readonly pin: string;
  /** What the far side is called here. Default: what its certificate says. */
  readonly name?: string;
  readonly onRefusal?: RefusalListener;
}

/** A peer that may connect: its fingerprint, and what it is called here. */
export interface AllowedPeer {
  readonly fingerprint: string;
  readonly name: string;
}

export interface PeerListenSettings extends LinkLimits, PeerIdentity {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** The peers that may connect; a fingerprint alone goes by the name in its certificate. */
  readonly pins: readonly (string | AllowedPeer)[];
  /** Far sides at once; more are not taken in. One address takes half of them at most before it has proved who it is. Default 256. */
  readonly maxConnections?: number;
  /** Announces us on this network under that name, by mDNS. Default: not. */
  readonly announce?: string;
  /** Where peers behind NATs signal to us. Closed with the listener. */
  readonly posts?: readonly Post[];
  readonly ice?: IceSettings;
  /** How far the clock of a peer may be from ours when it signals, in ms. Default 300,000. */
  readonly maxClockSkewMs?: number;
  readonly onRefusal?: RefusalListener;
}

export interface PeerListener extends Listener, PeerSide {
  readonly port: number;
  send: PeerSide['send'];
  /** What was turned away so far: unknown fingerprints, no TLS handshake, signals that were wrong. */
  readonly refused: number;
}
