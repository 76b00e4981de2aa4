import type { Traits } from '../../endpoint/traits.ts';

/** Not ordered: every message is a stream of its own, and a short one overtakes a long one. */
export const http2Traits: Traits = {
  protocol: 'http2',
  push: true,
  ordered: false,
  acknowledged: true,
  offlineQueue: false,
  overheadBytes: 80,
  setupRoundTrips: 2,
};
