import { openTestDoor, testIdentities } from '../../front-door/test-door.ts';
import { doorWorld } from '../../front-door/door-world.ts';
import { endpointContract } from '../../contract/endpoint.ts';
import { websocketEndpoint } from '../../../src/endpoints/websocket/index.ts';

endpointContract('websocket', async () => {
  const { client, stranger } = await testIdentities();
  return await doorWorld({
    traits: websocketEndpoint.traits,
    openDoor: (port) => openTestDoor({}, port),
    listen: (door) => websocketEndpoint.listen({ door, path: '/live' }),
    connect: (port, limits) =>
      websocketEndpoint.connect({ url: `wss://127.0.0.1:${port}/live`, tls: client, ...limits }),
    connectWithWrongCa: (port, limits) =>
      websocketEndpoint.connect({ url: `wss://127.0.0.1:${port}/live`, tls: stranger, ...limits }),
  });
});
