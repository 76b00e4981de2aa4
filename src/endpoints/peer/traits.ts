import type { Traits } from '../../endpoint/traits.ts';

export const peerTraits: Traits = {
  protocol: 'peer',
  push: true,
  ordered: true,
  acknowledged: true,
  offlineQueue: false,
  // Length 4, frame prefix 7, a header of some 45 characters, acknowledgement 11.
  overheadBytes: 67,
  // TCP, TLS 1.3, the welcome.
  setupRoundTrips: 3,
};
