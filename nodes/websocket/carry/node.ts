import type { Services } from '../../../src/app/services.ts';
import { CONTROLLER_IDENTITY } from '../../../src/broker/acl.ts';
import { websocketEndpoint } from '../../../src/endpoints/websocket/index.ts';
import { carry, type Ends } from '../../adapter/carry.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { ownAddress } from '../../adapter/own-address.ts';
import { ownEnds } from '../../adapter/own-ends.ts';
import { websocketLinks } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) => {
  const { id, RED, services, settings } = context;
  if (settings.link === '') return carry(context, 'websocket', await openOwnEnds(services, id));
  const { side, release } = await websocketLinks.borrow(RED, settings.link, undefined);
  return carry(context, 'websocket', { link: side.link, arrivals: side.link, close: release });
});

/** A listener at our own front door, for nobody but us, and a link to it. */
async function openOwnEnds(services: Services, id: string): Promise<Ends> {
  const path = `/carry/${encodeURIComponent(id)}`;
  const authorize = (identity: string | undefined): boolean => identity === CONTROLLER_IDENTITY;
  const listener = await websocketEndpoint.listen({ door: services.door, path, authorize });
  const link = websocketEndpoint.connect({ url: ownAddress(services, 'wss', path), tls: services.identity });
  return ownEnds(link, listener);
}
