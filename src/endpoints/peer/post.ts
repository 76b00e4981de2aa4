import type { Duplex } from 'node:stream';
import type { LinkState } from '../../endpoint/link-state.ts';

/** What a post hands over: a statement, and which session it belongs to. */
export interface Letter {
  readonly session: string;
  readonly text: string;
}

/**
 * Carries short texts between peers that cannot reach each other yet. Nobody trusts it: every text is a signed statement.
 * Peers are named by their fingerprints, sessions by 16 hex digits.
 */
export interface Post extends AsyncDisposable {
  /** Where it is, for people. */
  readonly url: string;
  readonly state: LinkState;
  /** False where a person carries the texts: then all candidates go in one. */
  readonly trickles: boolean;
  /** How long an answer may take, in ms. Default: as long as a far side may be silent. */
  readonly patienceMs?: number;
  onState(listener: (state: LinkState) => void): () => void;
  /** Hands a text over as far as the post reaches; what is lost is not told. */
  send(to: string, letter: Letter): void;
  onLetter(listener: (letter: Letter) => void): () => void;
  /** The far side of a session is not there. */
  onAbsent?(listener: (session: string) => void): () => void;
  /** Bytes to that peer through the post, where it is a relay too. */
  tunnel?(to: string, session: string): Duplex;
  /** Somebody opened a tunnel to us. */
  onTunnel?(listener: (tunnel: Duplex, session: string) => void): () => void;
  close(): Promise<void>;
}
