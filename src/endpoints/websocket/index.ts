import type { Endpoint } from '../../endpoint/endpoint.ts';
import { WebSocketLink, type WebSocketLinkSettings } from './link.ts';
import { WebSocketListener, type WebSocketListenSettings } from './listener.ts';
import { websocketTraits } from './traits.ts';

export type { WebSocketLinkSettings, WebSocketListenSettings };

/** Messages over one WebSocket, both ways, acknowledged by frames. */
export const websocketEndpoint: Endpoint<WebSocketLinkSettings, WebSocketListenSettings> = {
  traits: websocketTraits,
  connect: (settings) => new WebSocketLink(settings),
  listen: async (settings) => new WebSocketListener(settings),
};
