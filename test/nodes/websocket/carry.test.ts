import { carrySuite } from '../../support/carry-suite.ts';

carrySuite({
  protocol: 'websocket',
  address: (port) => `wss://127.0.0.1:${port}/nowhere`,
  untrusting: async ({ services }, ca) => ({ url: `wss://127.0.0.1:${services.door.port}/nowhere`, ca }),
  connections: ({ services }) => services.door.counts.websocket.open,
  connectionsOfTwo: 2,
});
