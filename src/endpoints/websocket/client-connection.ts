import { FRAME_PREFIX_BYTES, MAX_HEADER_BYTES } from '../../endpoint/frame.ts';
import type { FilledLimits } from '../../endpoint/limits.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import { defaultWebSocketLimits } from './default-limits.ts';
import type { WebSocketLimits } from './settings.ts';

/** The limits of a link's connection. */
export function clientConnection(
  isPlain: boolean,
  { maxPayloadBytes }: FilledLimits,
  {
    maxPingsPerSecond = defaultWebSocketLimits.maxPingsPerSecond,
    compressFromBytes = defaultWebSocketLimits.compressFromBytes,
  }: WebSocketLimits,
): ConnectionSettings {
  return {
    server: false,
    maxPayloadBytes: maxPayloadBytes + (isPlain ? 0 : FRAME_PREFIX_BYTES + MAX_HEADER_BYTES),
    // The window bounds what is under way.
    maxBufferedBytes: Infinity,
    overflow: 'disconnect',
    maxPingsPerSecond,
    compressFromBytes,
  };
}
