/** What is asked, how, and by how many. */
export interface Target {
  readonly url: string;
  readonly version: 1 | 2;
  readonly connections: number;
  /** Requests of one connection at once. */
  readonly streams: number;
  /** Bytes that are posted, from this file; 0: the requests are GET. */
  readonly sizeBytes: number;
  readonly bodyFile: string;
}
