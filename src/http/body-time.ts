/**
 * How long a body of which so much has come may take, in ms: some time, and a second more for every `bytesPerSecond`, so that large
 * ones may come over slow lines, and nobody holds a request by a byte now and then. 0: no longer.
 */
export const mayTakeMs = (firstMs: number, bytes: number, bytesPerSecond: number): number =>
  bytesPerSecond === 0 ? firstMs : firstMs + (bytes / bytesPerSecond) * 1_000;
