import { defaultLimits } from '../../../src/endpoint/limits.ts';
import { defaultWebSocketLimits } from '../../../src/endpoints/websocket/default-limits.ts';
import { choice, number } from '../../../src/spec/field.ts';

/** What one far side may take of us. */
export const clientFields = {
  maxClients: number({
    label: 'Most connections',
    hint: 'More are refused with 503.',
    default: defaultWebSocketLimits.maxClients,
    min: 1,
    max: 1_000_000,
    unit: 'connections',
  }),
  maxBufferedBytes: number({
    label: 'Most waiting for one',
    hint: 'What a far side that reads slowly may have waiting for it, beside what the system holds.',
    default: defaultWebSocketLimits.maxBufferedBytes,
    min: 1_024,
    max: 268_435_456,
    unit: 'bytes',
  }),
  overflow: choice({
    label: 'When it is full',
    hint: 'What is dropped is counted. Far sides that are Chartwires acknowledge, and make the sender wait instead.',
    default: defaultWebSocketLimits.overflow,
    options: {
      disconnect: 'disconnect it (1013)',
      dropOldest: 'drop its oldest message',
      dropNewest: 'drop its newest message',
    },
  }),
  keepAliveMs: number({
    label: 'Longest silence',
    hint: 'A far side that is silent is pinged, and after this taken for gone. 0: nobody is.',
    default: defaultLimits.keepAliveMs,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
  }),
};
