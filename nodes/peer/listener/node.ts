import { hostname } from 'node:os';
import { peerEndpoint } from '../../../src/endpoints/peer/index.ts';
import { limitsOf } from '../../adapter/link-settings.ts';
import { nodeType } from '../../adapter/node-type.ts';
import { OWN } from '../fingerprint-problem.ts';
import { peerIdentity } from '../../../src/security/peer-identity.ts';
import { handPosts, peerListeners } from '../links.ts';
import { openWays } from '../open-ways.ts';
import { definition } from './definition.ts';

export default nodeType(definition, ({ node, services, settings }) =>
  peerListeners.lend(node, async () => {
    const { host, port, allowed, announce, announcedName, maxConnections, maxClockSkewMs } = settings;
    const identity = await peerIdentity(services);
    const { cert, key, fingerprint } = identity;
    const { post, relay, hand, ice } = openWays(services, identity, settings, 'listener');
    const listener = await peerEndpoint.listen({
      host,
      port,
      cert,
      key,
      pins: allowed.map((peer) => (peer.fingerprint === OWN ? { ...peer, fingerprint } : peer)),
      ...(announce && { announce: announcedName || hostname() }),
      posts: [post, relay].filter((one) => one !== undefined),
      ice,
      maxConnections,
      maxClockSkewMs,
      onRefusal: (source, problem) => node.warn(`refused ${source}: ${problem}`),
      ...limitsOf(settings),
    });
    if (hand !== undefined) handPosts.set(listener, hand);
    node.log(`listens at ${listener.url}; our fingerprint, for peers to pin: ${fingerprint}`);
    return listener;
  }),
);
