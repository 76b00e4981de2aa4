import { defaultWebSocketLimits } from '../../src/endpoints/websocket/default-limits.ts';
import { boolean, number } from '../../src/spec/field.ts';

/** What both sides say about compression. */
export const compressionFields = {
  compression: boolean({
    label: 'Compression',
    hint: 'Offers or accepts permessage-deflate, each message for itself.',
    default: defaultWebSocketLimits.compression,
  }),
  compressFromBytes: number({
    label: 'Compress from',
    hint: 'Shorter payloads go as they are. The largest payload holds for what comes out of decompression too.',
    default: defaultWebSocketLimits.compressFromBytes,
    min: 0,
    max: 268_435_456,
    unit: 'bytes',
  }),
};

export const pingField = {
  maxPingsPerSecond: number({
    label: 'Most pings',
    hint: 'A far side that sends more in a second is disconnected with 1008.',
    default: defaultWebSocketLimits.maxPingsPerSecond,
    min: 1,
    max: 1_000_000,
    unit: 'pings/s',
  }),
};
