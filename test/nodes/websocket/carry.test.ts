import { carrySuite } from '../../support/carry-suite.ts';
import { echoing } from '../../support/echo.ts';

carrySuite({
  protocol: 'websocket',
  address: (port) => `wss://127.0.0.1:${port}/nowhere`,
  untrusting: async ({ services }, ca) => ({ url: `wss://127.0.0.1:${services.door.port}/nowhere`, ca }),
  echo: async () => ({ link: { path: '/echo' }, echo: echoing('websocket', { path: '/echo' }) }),
  connections: ({ services }) => services.door.counts.websocket.open,
  connectionsOfTwo: 2,
});
