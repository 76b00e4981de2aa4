import type { Link, LinkLimits, Listener } from '../../../src/endpoint/endpoint.ts';
import { mqttEndpoint } from '../../../src/endpoints/mqtt/index.ts';
import { endpointContract } from '../../contract/endpoint.ts';
import { testLimits } from '../../contract/world.ts';
import { unusedPort } from '../../support/unused-port.ts';
import { openBrokerPort, openIdentities, type Identities } from './world.ts';

describe('the MQTT endpoint', () => {
  let identities: Identities;
  let strangers: Identities;
  before(async () => {
    identities = await openIdentities();
    strangers = await openIdentities();
  });
  after(async () => {
    await identities.close();
    await strangers.close();
  });

  endpointContract('mqtt', async () => {
    let listener: Listener | undefined;
    const open = async (port: number): ReturnType<typeof openBrokerPort> =>
      await openBrokerPort(identities, port, {
        prepare: async (broker) => {
          listener = await mqttEndpoint.listen({ broker, filter: 'contract/up/#' });
        },
      });
    // While the server is stopped nobody else may be given its port.
    let server = await open(await unusedPort());
    const links = new Set<Link>();
    const connect = (ca: string, limits: LinkLimits = {}): Link => {
      const subscribe = [{ filter: 'contract/down/#' }];
      const tls = { ca, ...identities.client };
      const link = mqttEndpoint.connect({ url: server.url, tls, subscribe, ...testLimits, ...limits });
      links.add(link);
      return link;
    };
    return {
      traits: mqttEndpoint.traits,
      get listener() {
        return listener!;
      },
      openLink: (limits) => connect(identities.authority.ca, limits),
      openLinkWithWrongCa: () => connect(strangers.authority.ca),
      stopServer: async () => {
        await listener?.close();
        await server.close();
      },
      startServer: async () => {
        server = await open(server.port);
      },
      close: async () => {
        await Promise.all([...links].map(async (link) => await link.close()));
        await listener?.close();
        await server.close();
      },
    };
  });
});
