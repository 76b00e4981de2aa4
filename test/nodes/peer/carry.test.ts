import { carrySuite } from '../../support/carry-suite.ts';
import { echoing } from '../../support/echo.ts';
import { peerPair } from './pair.ts';

carrySuite({
  protocol: 'peer',
  address: (port) => `peer://127.0.0.1:${port}`,
  untrusting: async ({ services }) => ({ url: `peer://127.0.0.1:${services.door.port}` }),
  async echo(nodeRed) {
    const { link, listener } = await peerPair(nodeRed);
    return { link, echo: echoing('peer', listener) };
  },
  connections: () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
  // Both ends of each are ours.
  connectionsOfTwo: 4,
});
