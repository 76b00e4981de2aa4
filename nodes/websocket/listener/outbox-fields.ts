import { defaultWebSocketLimits } from '../../../src/endpoints/websocket/default-limits.ts';
import { number } from '../../../src/spec/field.ts';

/** What is kept for those who will be back. */
export const outboxFields = {
  outboxMessages: number({
    label: 'Outbox',
    hint: 'Messages kept for each identity that has been connected, and sent again when it missed them. 0: none.',
    default: defaultWebSocketLimits.outboxMessages,
    min: 0,
    max: 1_000_000,
    unit: 'messages',
  }),
  outboxBytes: number({
    label: 'Outbox size',
    hint: 'Their payloads together, for each identity.',
    default: defaultWebSocketLimits.outboxBytes,
    min: 1,
    max: 1_073_741_824,
    unit: 'bytes',
  }),
  outboxMs: number({
    label: 'Kept for',
    hint: 'Older messages, and the rooms of an identity that stays away longer, are forgotten.',
    default: defaultWebSocketLimits.outboxMs,
    min: 1,
    max: 604_800_000,
    unit: 'ms',
  }),
  maxOutboxes: number({
    label: 'Most outboxes',
    hint: 'The identity that has been away longest makes room.',
    default: defaultWebSocketLimits.maxOutboxes,
    min: 1,
    max: 1_000_000,
    unit: 'identities',
  }),
};
