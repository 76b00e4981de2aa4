export type ProtocolName = 'mqtt' | 'http2' | 'websocket' | 'peer';

/** The promises of an endpoint: what *choose* weighs before it has measured anything. */
export interface Traits {
  readonly protocol: ProtocolName;
  /** The far side can send without being asked. */
  readonly push: boolean;
  /** Messages of one sender arrive in the order they were sent. */
  readonly ordered: boolean;
  /** `send` resolves only when the far side has taken the message over. */
  readonly acknowledged: boolean;
  /** Somebody keeps messages for a receiver that is away. */
  readonly offlineQueue: boolean;
  /** Typical bytes beside the payload of one message, TLS not counted. */
  readonly overheadBytes: number;
  /** Round trips from nothing to the first message, TLS 1.3 included. */
  readonly setupRoundTrips: number;
}
