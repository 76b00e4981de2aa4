import type { LimitRange } from '../limit-problem.ts';

/** What one far side may take of the door. Measured against the attacks of RFC 9113, 10.5 and slow senders. */
export interface DoorLimits {
  /** Requests one HTTP/2 session may have open. Default 100. */
  readonly maxConcurrentStreams?: number;
  /** Bytes of all request headers together, HTTP/1.1 and HTTP/2. Default 16,384. */
  readonly maxHeaderBytes?: number;
  /** Request headers. Default 100. */
  readonly maxHeaders?: number;
  /** Connections open at once, from one address and from all. Default 1,024 and 10,000. */
  readonly maxConnectionsPerAddress?: number;
  readonly maxConnections?: number;
  /** Longest TLS handshake, in ms. Default 10,000. */
  readonly handshakeMs?: number;
  /** From the handshake to the first byte, the first whole request headers or the first HTTP/2 stream or PING; and for any frame of
   * HTTP/2 but DATA, and any header section, to be whole; in ms. Default 10,000. */
  readonly firstRequestMs?: number;
  /** Time for one whole HTTP/1.1 request, body included, in ms; a second more for each so many bytes of the body that have come. Default
   * 60,000 and 1,000. */
  readonly requestMs?: number;
  readonly minBodyBytesPerSecond?: number;
  /** Silence after which a connection of HTTP that waits for nothing of ours is closed, and how long a far side may take nothing of
   * what it is sent, in ms. Default 15,000. */
  readonly idleMs?: number;
}

export type FilledDoorLimits = Readonly<Required<DoorLimits>>;

export const defaultDoorLimits: FilledDoorLimits = {
  maxConcurrentStreams: 100,
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  maxConnectionsPerAddress: 1_024,
  maxConnections: 10_000,
  handshakeMs: 10_000,
  firstRequestMs: 10_000,
  requestMs: 60_000,
  minBodyBytesPerSecond: 1_000,
  idleMs: 15_000,
};

/** The least with which the links of a flow to its own front door, clients like others, and a browser are not cut off. */
const LEAST: DoorLimits = {
  maxConcurrentStreams: 10,
  maxHeaderBytes: 1_024,
  maxHeaders: 20,
  maxConnectionsPerAddress: 20,
  maxConnections: 20,
};
/** A timer of Node.js takes no more ms. */
const MOST = 2_147_483_647;

/** Numbers a limit of the door may be set to. */
export function doorLimitRange(name: string): LimitRange {
  return [LEAST[name as keyof DoorLimits] ?? 1, MOST];
}
