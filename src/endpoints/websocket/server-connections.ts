import { FRAME_PREFIX_BYTES, MAX_HEADER_BYTES } from '../../endpoint/frame.ts';
import type { FilledLimits } from '../../endpoint/limits.ts';
import type { ConnectionSettings, Overflow } from './connection-settings.ts';

/** Frames of our own carry a header beside the payload. */
const FRAME_BYTES = FRAME_PREFIX_BYTES + MAX_HEADER_BYTES;

/** The limits of a listener's connections: to whom our frames are unknown, and to whom they are not. */
export interface ServerConnections {
  readonly plain: ConnectionSettings;
  readonly framed: ConnectionSettings;
}

interface Limits {
  readonly maxBufferedBytes: number;
  readonly overflow: Overflow;
  readonly maxPingsPerSecond: number;
  readonly compressFromBytes: number;
}

export function serverConnections(
  { maxPayloadBytes, maxInFlight }: FilledLimits,
  { maxBufferedBytes, overflow, maxPingsPerSecond, compressFromBytes }: Limits,
): ServerConnections {
  const shared = { server: true, maxPingsPerSecond, compressFromBytes };
  const framedBytes = maxPayloadBytes + FRAME_BYTES;
  return {
    plain: { ...shared, maxPayloadBytes, maxBufferedBytes, overflow },
    // Acknowledgements bound what is under way to who speaks our frames: dropping some of it would only confuse the rest.
    framed: {
      ...shared,
      maxPayloadBytes: framedBytes,
      maxBufferedBytes: maxInFlight * framedBytes,
      overflow: 'disconnect',
    },
  };
}
