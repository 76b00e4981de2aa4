import { carrySuite } from '../../support/carry-suite.ts';
import { echoing } from '../../support/echo.ts';

carrySuite({
  protocol: 'http2',
  address: (port) => `https://127.0.0.1:${port}/nowhere`,
  untrusting: async ({ services }, ca) => ({ url: `https://127.0.0.1:${services.door.port}/nowhere`, ca }),
  echo: async () => ({ link: { path: '/echo' }, echo: echoing('http2', { path: '/echo' }) }),
  connections: ({ services }) => services.door.counts.http2.open,
  connectionsOfTwo: 2,
});
