import { peerEndpoint } from '../../../src/endpoints/peer/index.ts';
import { limitsOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { peerIdentity } from '../identity.ts';
import { peerLinks } from '../links.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  peerLinks.lend(node, async () => {
    const { fingerprint, ...tls } = await peerIdentity(services);
    node.log(`our fingerprint, for the peer to allow: ${fingerprint}`);
    return peerEndpoint.connect({ url: settings.url, tls, pin: settings.fingerprint, ...limitsOf(settings) });
  }),
);
