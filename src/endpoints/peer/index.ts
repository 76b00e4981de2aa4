import type { Endpoint } from '../../endpoint/endpoint.ts';
import { PeerLink } from './link.ts';
import { listenForPeers } from './listener.ts';
import type { PeerLinkSettings, PeerListener, PeerListenSettings } from './settings.ts';
import { peerTraits } from './traits.ts';

export { HandPost } from './hand-post.ts';
export { PeerLink } from './link.ts';
export { LinkPost, letterTopic } from './link-post.ts';
export { Rendezvous, type RendezvousSettings } from './rendezvous/server.ts';
export { RendezvousPost } from './rendezvous/post.ts';
export { openStun } from './stun/responder.ts';
export type { Presence } from './presence.ts';
export type { Post } from './post.ts';
export type { PeerLinkSettings, PeerListener, PeerListenSettings } from './settings.ts';

export interface PeerEndpoint extends Endpoint<PeerLinkSettings, PeerListenSettings> {
  connect(settings: PeerLinkSettings): PeerLink;
  listen(settings: PeerListenSettings): Promise<PeerListener>;
}

/** A link between two processes without a broker, each known to the other by its certificate's fingerprint. */
export const peerEndpoint: PeerEndpoint = {
  traits: peerTraits,
  connect: (settings) => new PeerLink(settings),
  listen: listenForPeers,
};
