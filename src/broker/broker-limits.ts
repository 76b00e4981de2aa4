/** What one client, and all of them, may take of the broker. Each has a safe default. */
export interface BrokerLimits {
  /** Largest MQTT packet, in bytes; a larger one ends its client's connection. Default 262,144. */
  readonly maxPacketBytes?: number;
  /** Clients, connected or with a session that is kept for them. Default 10,000. */
  readonly maxClients?: number;
  /** Longest keep alive, in seconds: MQTT 5 clients are given it, older ones that want longer or none are refused. Default 300. */
  readonly maxKeepAliveSeconds?: number;
  /** Time from the connection to its CONNECT, in ms. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** How long a subscriber may leave its socket full before it is dropped, in ms. Default 10,000. */
  readonly drainTimeoutMs?: number;
  /** Longest time a session is kept for an MQTT 5 client, in seconds. Default 604,800 (7 days). */
  readonly maxSessionSeconds?: number;
  /** Messages kept for one client that is away; newer ones are then not kept. Default 1,000. */
  readonly maxQueuedMessages?: number;
  /** Topics with a retained message. Default 10,000. */
  readonly maxRetained?: number;
}

export const BROKER_LIMITS: Required<BrokerLimits> = {
  maxPacketBytes: 262_144,
  maxClients: 10_000,
  maxKeepAliveSeconds: 300,
  connectTimeoutMs: 10_000,
  drainTimeoutMs: 10_000,
  maxSessionSeconds: 604_800,
  maxQueuedMessages: 1_000,
  maxRetained: 10_000,
};
