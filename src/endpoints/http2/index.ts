import type { Endpoint } from '../../endpoint/endpoint.ts';
import { Http2Link, type Http2LinkSettings } from './link.ts';
import { Http2Listener, type Http2ListenSettings } from './listener.ts';
import { http2Traits } from './traits.ts';

export type { Http2LinkSettings, Http2ListenSettings };

/** Messages as HTTP/2 requests: one POST each; back as server-sent events. */
export const http2Endpoint: Endpoint<Http2LinkSettings, Http2ListenSettings> = {
  traits: http2Traits,
  connect: (settings) => new Http2Link(settings),
  listen: async (settings) => new Http2Listener(settings),
};
