import type { Traits } from '../../endpoint/traits.ts';

/** Chartwire's own framing, asked for at the upgrade. A far side that does not know it gets bare payloads. */
export const SUBPROTOCOL = 'chartwire.v1';

/** Header and query parameter with which a far side says the last message it has taken: `<run>-<number>`. */
export const LAST_ID_HEADER = 'last-event-id';
/** Header of the answer: the run of the listener, which its message numbers belong to. */
export const RUN_HEADER = 'chartwire-run';

export const websocketTraits: Traits = {
  protocol: 'websocket',
  push: true,
  ordered: true,
  acknowledged: true,
  offlineQueue: false,
  overheadBytes: 50,
  setupRoundTrips: 3,
};
