import { peerEndpoint } from '../../../src/endpoints/peer/index.ts';
import { limitsOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { OWN } from '../fingerprint-problem.ts';
import { peerIdentity } from '../../../src/security/peer-identity.ts';
import { handPosts, peerLinks } from '../links.ts';
import { openWays } from '../open-ways.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  peerLinks.lend(node, async () => {
    const identity = await peerIdentity(services);
    const { cert, key, fingerprint } = identity;
    const { url, peerName, discover, direct, relayed, relayAfterMs, upgradeFirstMs, upgradeLongestMs } = settings;
    node.log(`our fingerprint, for the peer to allow: ${fingerprint}`);
    const { hand, ...ways } = openWays(services, identity, settings, 'link');
    const link = peerEndpoint.connect({
      ...(url !== '' && { url }),
      ...(peerName !== '' && { name: peerName }),
      ...ways,
      tls: { cert, key },
      pin: settings.fingerprint === OWN ? fingerprint : settings.fingerprint,
      discover,
      direct,
      relayed,
      relayAfterMs,
      upgradeFirstMs,
      upgradeLongestMs,
      onRefusal: (source, problem) => node.warn(`refused ${source}: ${problem}`),
      ...limitsOf(settings),
    });
    if (hand !== undefined) handPosts.set(link, hand);
    return link;
  }),
);
