import type { Endpoint } from '../../endpoint/endpoint.ts';
import { WebSocketLink } from './link.ts';
import { WebSocketListener } from './listener.ts';
import type { WebSocketLinkSettings, WebSocketListenSettings } from './settings.ts';
import { websocketTraits } from './traits.ts';

export type { Audience } from './audience.ts';
export type { ClientInfo } from './far-client.ts';
export type { Overflow } from './connection-settings.ts';
export { Packed } from './packed.ts';
export { WebSocketLink } from './link.ts';
export { WebSocketListener } from './listener.ts';
export type { Presence } from './presence.ts';
export type { UpgradeHost, WebSocketLinkSettings, WebSocketListenSettings, WebSocketTls } from './settings.ts';

export interface WebSocketEndpoint extends Endpoint<WebSocketLinkSettings, WebSocketListenSettings> {
  connect(settings: WebSocketLinkSettings): WebSocketLink;
  listen(settings: WebSocketListenSettings): Promise<WebSocketListener>;
}

/** Messages over one WebSocket, both ways, acknowledged by frames where both sides are ours. */
export const websocketEndpoint: WebSocketEndpoint = {
  traits: websocketTraits,
  connect: (settings) => new WebSocketLink(settings),
  listen: async (settings) => new WebSocketListener(settings),
};
