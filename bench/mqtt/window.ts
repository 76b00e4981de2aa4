import type { Qos } from './load/bytes.ts';

/**
 * How many messages are published and not yet back at full speed. Enough that no side waits for the others: with few, two
 * processes take turns and the figure is that of waking them up. Large messages fill the sockets sooner, and what is to be
 * acknowledged must find room in every side's queue.
 */
export function windowFor(payload: number | 'json', qos: Qos = 0): number {
  if (payload === 16_384) return 64;
  return qos > 0 || payload === 1024 ? 256 : 1024;
}
