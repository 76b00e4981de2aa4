import type { Link, Listener } from '../../src/endpoint/endpoint.ts';
import { Lending } from '../adapter/shared-link.ts';

/** Links and listeners of the config nodes: one of each. */
export const peerLinks = new Lending<undefined, Link>('chartwire-peer-link');
export const peerListeners = new Lending<undefined, Listener>('chartwire-peer-listener');
