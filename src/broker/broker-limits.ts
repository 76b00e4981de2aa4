import { limitProblem, type LimitRange } from '../limit-problem.ts';

/** What one client, and all of them, may take of the broker. Each has a safe default. */
export interface BrokerLimits {
  /** Largest MQTT packet, in bytes; a larger one ends its client's connection. Default 262,144. */
  readonly maxPacketBytes?: number;
  /** Clients, connected or with a session that is kept for them. Default 10,000. */
  readonly maxClients?: number;
  /** Clients connected at the same time. Default 10,000. */
  readonly maxConnections?: number;
  /** CONNECTs taken in a second, of all clients together; 0 switches it off. Default 2,000. */
  readonly maxConnectsPerSecond?: number;
  /** Longest client identifier taken, in bytes of UTF-8. Default 65,535, as much as MQTT has room for. */
  readonly maxClientIdBytes?: number;
  /** Levels of a topic or topic filter, for clients and flows. Default 200. */
  readonly maxTopicLevels?: number;
  /** Highest QoS taken and granted: 0, 1 or 2 (MQTT 5, 3.2.2.3.4). Default 2. */
  readonly maxQos?: number;
  /** Connections that have not said CONNECT yet; more are dropped unheard. Default 1,000. */
  readonly maxPendingConnections?: number;
  /** Longest keep alive, in seconds, that MQTT 5 clients are given; older ones keep their own. Default 300. */
  readonly maxKeepAliveSeconds?: number;
  /** Time from the connection to its CONNECT, in ms. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** How long a subscriber may take nothing from a full socket before it is dropped, in ms. Default 10,000. */
  readonly drainTimeoutMs?: number;
  /** Longest time a session is kept for a client that is away, in seconds. Default 604,800 (7 days). */
  readonly maxSessionSeconds?: number;
  /** Messages kept for one client that is away; newer ones are then not kept, and counted. Default 1,000. */
  readonly maxQueuedMessages?: number;
  /** Bytes of topics and payloads, and 512 for each message, queued for one client, connected or not; newer messages are then not kept. As many may be under way to it. Default 16 MiB. */
  readonly maxQueuedBytes?: number;
  /** The same bytes of all clients together, queued and under way; newer messages are then queued for nobody. Default 256 MiB. */
  readonly maxQueuedBytesTotal?: number;
  /** Bytes waiting in one client's socket; above it, QoS 0 messages are dropped for it and counted. Default 4 MiB. */
  readonly maxSocketBytes?: number;
  /** Messages of QoS 1 and 2 a client may have under way to us: our Receive Maximum (MQTT 5, 3.2.2.3.3). Default 1,024. */
  readonly maxInFlight?: number;
  /** Messages of QoS 1 and 2 under way to one client, whose own Receive Maximum may be lower. Default 1,024. */
  readonly maxOutFlight?: number;
  /** Topic aliases in each direction (MQTT 5, 3.3.2.3.4). Default 64. */
  readonly maxTopicAliases?: number;
  /** Subscriptions of one client. Default 10,000. */
  readonly maxSubscriptions?: number;
  /** Messages a second from one client, which is read no faster; 0 switches it off. Default 0. */
  readonly maxPublishesPerSecond?: number;
  /** Topics with a retained message; with 0 the broker retains nothing, and says so (MQTT 5, 3.2.2.3.5). Default 10,000. */
  readonly maxRetained?: number;
  /** Bytes of topics and payloads of all retained messages. Default 64 MiB. */
  readonly maxRetainedBytes?: number;
}

export const BROKER_LIMITS: Required<BrokerLimits> = {
  maxPacketBytes: 262_144,
  maxClients: 10_000,
  maxConnections: 10_000,
  maxConnectsPerSecond: 2_000,
  maxClientIdBytes: 65_535,
  maxTopicLevels: 200,
  maxQos: 2,
  maxPendingConnections: 1_000,
  maxKeepAliveSeconds: 300,
  connectTimeoutMs: 10_000,
  drainTimeoutMs: 10_000,
  maxSessionSeconds: 604_800,
  maxQueuedMessages: 1_000,
  maxQueuedBytes: 16 * 1024 * 1024,
  maxQueuedBytesTotal: 256 * 1024 * 1024,
  maxSocketBytes: 4 * 1024 * 1024,
  maxInFlight: 1_024,
  maxOutFlight: 1_024,
  maxTopicAliases: 64,
  maxSubscriptions: 10_000,
  maxPublishesPerSecond: 0,
  maxRetained: 10_000,
  maxRetainedBytes: 64 * 1024 * 1024,
};

/** The least and the most MQTT has room for, where that is not 0 and any number (MQTT 5, 2.2.1 and 3.2.2.3). */
export const BROKER_LIMIT_RANGES: Readonly<Partial<Record<keyof BrokerLimits, LimitRange>>> = {
  maxPacketBytes: [128, 268_435_460],
  maxQos: [0, 2],
  maxKeepAliveSeconds: [0, 65_535],
  maxInFlight: [1, 65_535],
  maxOutFlight: [1, 65_535],
  maxTopicAliases: [0, 65_535],
};

/** Why a limit cannot be set so. */
export function brokerLimitProblem(name: string, value: unknown): string | undefined {
  return limitProblem(BROKER_LIMITS, name, value, BROKER_LIMIT_RANGES[name as keyof BrokerLimits]);
}
