import type { Services } from '../../../src/app/services.ts';
import { peerEndpoint } from '../../../src/endpoints/peer/index.ts';
import { carry, type Ends } from '../../adapter/carry.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { ownEnds } from '../../adapter/own-ends.ts';
import { peerIdentity } from '../../../src/security/peer-identity.ts';
import { peerLinks } from '../links.ts';
import { withPath } from '../with-path.ts';
import { definition } from './definition.ts';

export default nodeType(definition, async (context) => {
  const { RED, services, settings } = context;
  if (settings.link === '') return carry(context, 'peer', await openOwnEnds(services));
  const { side, release } = await peerLinks.borrow(RED, settings.link, undefined);
  return carry(withPath(context, side), 'peer', { link: side, arrivals: side, close: release });
});

/** A listener on a free port of this machine and a link to it, each with our own certificate and pinned to it. */
async function openOwnEnds(services: Services): Promise<Ends> {
  const { fingerprint, ...tls } = await peerIdentity(services);
  const listener = await peerEndpoint.listen({ ...tls, pins: [fingerprint] });
  const link = peerEndpoint.connect({ url: listener.url, tls, pin: fingerprint });
  return ownEnds(link, listener);
}
