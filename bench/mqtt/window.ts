/**
 * How many messages are published and not yet back at full speed. Enough that no side waits for the others: with few, two
 * processes take turns and the figure is that of waking them up. Large messages fill the sockets sooner.
 */
export function windowFor(payload: number | 'json'): number {
  if (payload === 'json' || payload < 1024) return 1024;
  return payload < 16_384 ? 256 : 64;
}
