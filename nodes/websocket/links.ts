import type { WebSocketLink, WebSocketListener } from '../../src/endpoints/websocket/index.ts';
import { Fault } from '../../src/fault.ts';
import type { Fields } from '../../src/spec/field.ts';
import type { NodeContext } from '../adapter/context.ts';
import type { Lease } from '../adapter/pool.ts';
import { Lending } from '../adapter/shared-link.ts';

interface Speaking extends AsyncDisposable {
  /** Messages go as JSON, with all their properties. */
  readonly wholeMessages: boolean;
}
export interface LinkSide extends Speaking {
  readonly link: WebSocketLink;
}
export interface ListenerSide extends Speaking {
  readonly listener: WebSocketListener;
}

/** Links and listeners of the config nodes: one of each. */
export const websocketLinks = new Lending<undefined, LinkSide>('chartwire-websocket-link');
export const websocketListeners = new Lending<undefined, ListenerSide>('chartwire-websocket-listener');

/** The link or the listener a node's settings name. Rejects with SETTINGS_INVALID unless they name one of the two. */
export async function borrowWebSocket<F extends Fields>({
  RED,
  settings,
}: NodeContext<F> & { readonly settings: { readonly link: string; readonly listener: string } }): Promise<
  Lease<LinkSide | ListenerSide>
> {
  const { link, listener } = settings;
  if ((link === '') === (listener === '')) {
    throw new Fault('SETTINGS_INVALID', { problems: 'choose a link or a listener, and not both' });
  }
  return link === ''
    ? websocketListeners.borrow(RED, listener, undefined)
    : websocketLinks.borrow(RED, link, undefined);
}
