/** What the broker has done since it was opened. */
export class Counters {
  /** Messages taken from clients and the process, without `$SYS`. */
  published = 0;
  /** Messages handed on, one for each subscriber. */
  delivered = 0;
  /** Connections, publishes and subscriptions refused. */
  refused = 0;
  /** Messages a subscriber did not get: its socket or queue was full. */
  dropped = 0;
  bytesReceived = 0;
  bytesSent = 0;
  connected = 0;
}
