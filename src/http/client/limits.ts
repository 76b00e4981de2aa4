/** Every limit of a client. Times in ms, sizes in bytes. */
export interface ClientLimits {
  /** Requests to one origin under way at once; more wait. */
  readonly maxInFlight: number;
  /** Requests to one origin that may wait; more fail with QUEUE_FULL. */
  readonly maxWaiting: number;
  /** Largest body that is taken as a whole, as it is after decompression. */
  readonly maxResponseBytes: number;
  /** Largest header section of a response. */
  readonly maxHeaderBytes: number;
  readonly maxRedirects: number;
  /** Until there is a connection, its proxy and TLS included. */
  readonly connectTimeoutMs: number;
  /** From the request, or the last part of its body that was taken, to the header section of its response. */
  readonly headersTimeoutMs: number;
  /** Longest pause within the body of a response. */
  readonly bodyTimeoutMs: number;
  /** Longest silence of an HTTP/2 connection under requests, answers to PING included, before it is taken for gone. */
  readonly keepAliveMs: number;
  /** How long a connection that nobody uses is kept. */
  readonly idleTimeoutMs: number;
  /** How often a request that may be repeated is repeated. */
  readonly maxRetries: number;
  readonly retryFirstMs: number;
  readonly retryLongestMs: number;
  /** Failures in a row after which an origin is left alone for a while; 0: never. */
  readonly breakerFailures: number;
  readonly breakerFirstMs: number;
  readonly breakerLongestMs: number;
}

export const defaultClientLimits: ClientLimits = {
  maxInFlight: 64,
  maxWaiting: 1_000,
  maxResponseBytes: 16_777_216,
  maxHeaderBytes: 65_536,
  maxRedirects: 20,
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 60_000,
  bodyTimeoutMs: 30_000,
  keepAliveMs: 15_000,
  idleTimeoutMs: 30_000,
  maxRetries: 2,
  retryFirstMs: 250,
  retryLongestMs: 30_000,
  breakerFailures: 5,
  breakerFirstMs: 1_000,
  breakerLongestMs: 60_000,
};
