import { carrySuite } from '../../support/carry-suite.ts';

carrySuite({
  protocol: 'peer',
  address: (port) => `peer://127.0.0.1:${port}`,
  untrusting: async ({ services }) => ({ url: `peer://127.0.0.1:${services.door.port}` }),
  connections: () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
  // Both ends of each are ours.
  connectionsOfTwo: 4,
});
