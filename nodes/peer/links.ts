import type { HandPost, PeerLink, PeerListener } from '../../src/endpoints/peer/index.ts';
import { Lending } from '../adapter/shared-link.ts';

/** Links and listeners of the config nodes: one of each. */
export const peerLinks = new Lending<undefined, PeerLink>('chartwire-peer-link');
export const peerListeners = new Lending<undefined, PeerListener>('chartwire-peer-listener');

/** What signals by invite, by the link or listener whose signals they are. */
export const handPosts = new WeakMap<PeerEnd, HandPost>();

/** Either end of a peer link. */
export type PeerEnd = PeerLink | PeerListener;
