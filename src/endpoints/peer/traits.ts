import type { Traits } from '../../endpoint/traits.ts';
import type { PeerPath } from './presence.ts';

const common = { protocol: 'peer', push: true, ordered: true, acknowledged: true, offlineQueue: false } as const;
/** Length 4, frame prefix 7, a header of some 45 characters, acknowledgement 11. */
const FRAME_BYTES = 67;

const byPath: Readonly<Record<PeerPath, Traits>> = {
  // TCP, TLS 1.3, the welcome.
  lan: { ...common, overheadBytes: FRAME_BYTES, setupRoundTrips: 3 },
  // Offer and answer, a check of the path, DTLS 1.2, SCTP, the welcome. SCTP's chunk 28, its acknowledgement 28.
  direct: { ...common, overheadBytes: FRAME_BYTES + 56, setupRoundTrips: 7 },
  // As on one network, once the rendezvous is there: TCP, TLS, the upgrade. Frame and address 45, both ways.
  relayed: { ...common, overheadBytes: FRAME_BYTES + 90, setupRoundTrips: 6 },
};

/** The promises are the same on every path; what it costs is not. */
export function traitsOf(path: PeerPath): Traits {
  return byPath[path];
}

/** What is weighed before there is a path. */
export const peerTraits = traitsOf('lan');
