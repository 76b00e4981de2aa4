import type { Link, Listener } from '../../src/endpoint/endpoint.ts';
import { Lending } from '../adapter/shared-link.ts';
import type { ServedSite } from './open-site.ts';

/** Links, listeners of messages and sites of requests of the config nodes: one of each. */
export const http2Links = new Lending<undefined, Link>('chartwire-http2-link');
export const http2Listeners = new Lending<undefined, Listener>('chartwire-http2-listener');
export const http2Sites = new Lending<undefined, ServedSite>('chartwire-http2-listener');
