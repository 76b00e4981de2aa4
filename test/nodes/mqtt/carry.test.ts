import { carrySuite } from '../../support/carry-suite.ts';

carrySuite({
  protocol: 'mqtt',
  address: (port) => `mqtts://127.0.0.1:${port}`,
  untrusting: async ({ services }, ca) => ({ url: `mqtts://127.0.0.1:${services.door.port}`, ca }),
  // A broker gives back by itself.
  echo: async () => ({ link: {}, echo: [] }),
  connections: ({ services }) => services.door.counts.mqtt.open,
  // They share the one connection of their link.
  connectionsOfTwo: 1,
  messages: ({ services }) => Math.min(services.broker.counts.published, services.broker.counts.delivered),
});
