import type { Traits } from '../../endpoint/traits.ts';

export const mqttTraits: Traits = {
  protocol: 'mqtt',
  push: true,
  ordered: true,
  acknowledged: true,
  offlineQueue: true,
  // Fixed header 3, topic length 2, packet id 2, property length 1, a topic of some 30 characters, PUBACK 4.
  overheadBytes: 42,
  // TCP, TLS 1.3, CONNECT.
  setupRoundTrips: 3,
};
