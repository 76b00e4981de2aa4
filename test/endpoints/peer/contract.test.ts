import { peerEndpoint, type PeerListener } from '../../../src/endpoints/peer/index.ts';
import type { Link, LinkLimits } from '../../../src/endpoint/endpoint.ts';
import { endpointContract, type World } from '../../contract/endpoint.ts';
import { testLimits } from '../../contract/world.ts';
import { unusedPort } from '../../support/unused-port.ts';
import { openIdentities, type Identities } from './world.ts';

describe('the peer endpoint', () => {
  let identities: Identities;
  before(async () => {
    identities = await openIdentities();
  });
  after(async () => await identities.close());

  endpointContract('peer', async () => {
    const [server, client] = [await identities.peer('server'), await identities.peer('client')];
    const open = new Set<Link>();
    const listen = async (port: number): Promise<PeerListener> =>
      await peerEndpoint.listen({ port, cert: server.cert, key: server.key, pins: [client.fingerprint] });
    // While the server is stopped nobody else may be given its port.
    let listener = await listen(await unusedPort());
    const { url, port } = listener;
    const connect = (pin: string, limits: LinkLimits = {}): Link => {
      const link = peerEndpoint.connect({ url, tls: client, pin, ...testLimits, ...limits });
      open.add(link);
      return link;
    };
    const world: World = {
      traits: peerEndpoint.traits,
      get listener() {
        return listener;
      },
      openLink: (limits) => connect(server.fingerprint, limits),
      openLinkWithWrongCa: () => connect(client.fingerprint),
      stopServer: async () => await listener.close(),
      startServer: async () => {
        listener = await listen(port);
      },
      close: async () => {
        await Promise.all([...open].map(async (link) => await link.close()));
        await listener.close();
      },
    };
    return world;
  });
});
