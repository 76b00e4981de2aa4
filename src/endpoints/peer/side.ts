import type { SendOptions } from '../../endpoint/endpoint.ts';
import type { Message } from '../../endpoint/message.ts';
import type { PeerInfo, Presence } from './presence.ts';

export interface PeerSendOptions extends SendOptions {
  /** Names or fingerprints of the peers it is for. Default: all that are connected. */
  readonly to?: readonly string[];
  /** False: it may be lost, come late or out of order, and nobody waits for it. Default true. */
  readonly reliable?: boolean;
}

/** What both ends of peer links can do beyond the contract. */
export interface PeerSide {
  /** As the contract says; PEER_UNKNOWN when nobody of that name is connected. */
  send(message: Message, options?: PeerSendOptions): Promise<void>;
  /** Who is connected now. */
  peers(): PeerInfo[];
  /** Calls the listener for everything that becomes of a peer; returns what stops that. */
  onPresence(listener: (presence: Presence) => void): () => void;
}
