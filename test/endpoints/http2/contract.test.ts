import { openTestDoor, testIdentities } from '../../front-door/test-door.ts';
import { doorWorld } from '../../front-door/door-world.ts';
import { endpointContract } from '../../contract/endpoint.ts';
import { http2Endpoint } from '../../../src/endpoints/http2/index.ts';

endpointContract('http2', async () => {
  const { client, stranger } = await testIdentities();
  return await doorWorld({
    traits: http2Endpoint.traits,
    openDoor: (port) => openTestDoor({}, port),
    listen: (door) => http2Endpoint.listen({ door, path: '/ingest' }),
    connect: (port, limits) =>
      http2Endpoint.connect({ url: `https://127.0.0.1:${port}/ingest`, tls: client, ...limits }),
    connectWithWrongCa: (port, limits) =>
      http2Endpoint.connect({ url: `https://127.0.0.1:${port}/ingest`, tls: stranger, ...limits }),
  });
});
