/** What to do when a far side takes less than it is sent. */
export type Overflow = 'dropOldest' | 'dropNewest' | 'disconnect';

export interface ConnectionSettings {
  /** We are the server. */
  readonly server: boolean;
  readonly maxPayloadBytes: number;
  /** Bytes that may wait for one far side, beside those the operating system holds. */
  readonly maxBufferedBytes: number;
  readonly overflow: Overflow;
  /** Pings the far side may send in a second. */
  readonly maxPingsPerSecond: number;
  /** Payloads from this size on are compressed where that was agreed; shorter ones gain nothing. */
  readonly compressFromBytes: number;
}
