/** The defaults of what a WebSocket has beside the limits of every endpoint, in one place. */
export const defaultWebSocketLimits = {
  maxPingsPerSecond: 100,
  compression: true,
  compressFromBytes: 1_024,
  maxClients: 10_000,
  maxBufferedBytes: 1_048_576,
  overflow: 'disconnect',
  outboxMessages: 0,
  outboxBytes: 1_048_576,
  outboxMs: 3_600_000,
  maxOutboxes: 1_000,
} as const;
