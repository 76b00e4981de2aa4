import type { LinkLimits } from './endpoint.ts';

/** Every limit of a link or listener, filled in. */
export type FilledLimits = Readonly<Required<LinkLimits>>;

/** The defaults {@link LinkLimits} documents, in one place. */
export const defaultLimits: FilledLimits = {
  maxPayloadBytes: 262_144,
  maxInFlight: 64,
  maxWaiting: 1_000,
  sendTimeoutMs: 10_000,
  reconnectFirstMs: 250,
  reconnectLongestMs: 30_000,
  keepAliveMs: 15_000,
};

/** The given limits, with the default for each that is missing. Takes whole settings and leaves the rest of them out. */
export function fillLimits(given: LinkLimits): FilledLimits {
  return {
    maxPayloadBytes: given.maxPayloadBytes ?? defaultLimits.maxPayloadBytes,
    maxInFlight: given.maxInFlight ?? defaultLimits.maxInFlight,
    maxWaiting: given.maxWaiting ?? defaultLimits.maxWaiting,
    sendTimeoutMs: given.sendTimeoutMs ?? defaultLimits.sendTimeoutMs,
    reconnectFirstMs: given.reconnectFirstMs ?? defaultLimits.reconnectFirstMs,
    reconnectLongestMs: given.reconnectLongestMs ?? defaultLimits.reconnectLongestMs,
    keepAliveMs: given.keepAliveMs ?? defaultLimits.keepAliveMs,
  };
}
