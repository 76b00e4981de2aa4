import type { Traits } from '../../endpoint/traits.ts';

/** Chartwire's own framing, asked for at the upgrade. A far side that does not know it gets bare payloads. */
export const SUBPROTOCOL = 'chartwire.v1';

export const websocketTraits: Traits = {
  protocol: 'websocket',
  push: true,
  ordered: true,
  acknowledged: true,
  offlineQueue: false,
  overheadBytes: 50,
  setupRoundTrips: 3,
};
