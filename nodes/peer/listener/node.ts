import { peerEndpoint } from '../../../src/endpoints/peer/index.ts';
import { limitsOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { peerIdentity } from '../identity.ts';
import { peerListeners } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  peerListeners.lend(node, async () => {
    const { host, port, allowed } = settings;
    const { cert, key, fingerprint } = await peerIdentity(services);
    const pins = allowed.map((peer) => peer.fingerprint);
    const listener = await peerEndpoint.listen({ host, port, cert, key, pins, ...limitsOf(settings) });
    node.log(`listens at ${listener.url}; our fingerprint, for peers to pin: ${fingerprint}`);
    return listener;
  }),
);
