import type { Endpoint } from '../../endpoint/endpoint.ts';
import { PeerLink } from './link.ts';
import { listenForPeers } from './listener.ts';
import type { PeerLinkSettings, PeerListener, PeerListenSettings } from './settings.ts';
import { peerTraits } from './traits.ts';

export type { PeerLinkSettings, PeerListener, PeerListenSettings } from './settings.ts';

export interface PeerEndpoint extends Endpoint<PeerLinkSettings, PeerListenSettings> {
  listen(settings: PeerListenSettings): Promise<PeerListener>;
}

/** A direct link between two processes: mutual TLS 1.3, each side known to the other by its certificate's fingerprint. */
export const peerEndpoint: PeerEndpoint = {
  traits: peerTraits,
  connect: (settings) => new PeerLink(settings),
  listen: listenForPeers,
};
