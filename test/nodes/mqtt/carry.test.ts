import { carrySuite } from '../../support/carry-suite.ts';

carrySuite({
  protocol: 'mqtt',
  address: (port) => `mqtts://127.0.0.1:${port}`,
  untrusting: async ({ services }, ca) => ({ url: `mqtts://127.0.0.1:${services.door.port}`, ca }),
  // A broker gives back by itself.
  echo: async () => ({ link: {}, echo: [] }),
  connections: ({ services }) => services.door.counts.mqtt.open,
  // Each has its subscriber; they share the publisher.
  connectionsOfTwo: 3,
  messages: ({ services }) => Math.min(services.broker.counts.published, services.broker.counts.delivered),
});
