/**
 * Pauses before each new try, in ms: a random part (full jitter) of a span that doubles from `firstMs` to `longestMs`.
 * Full jitter, so that a thousand links that lost one far side do not come back in one moment.
 */
export function* backoff(firstMs: number, longestMs: number, random = Math.random): Generator<number, never> {
  for (let spanMs = Math.min(firstMs, longestMs); ; spanMs = Math.min(spanMs * 2, longestMs)) {
    yield Math.round(random() * spanMs);
  }
}
