import type { Link, Listener } from '../../src/endpoint/endpoint.ts';
import { Lending } from '../adapter/shared-link.ts';

/** Links and listeners of the config nodes: one of each. */
export const websocketLinks = new Lending<undefined, Link>('chartwire-websocket-link');
export const websocketListeners = new Lending<undefined, Listener>('chartwire-websocket-listener');
