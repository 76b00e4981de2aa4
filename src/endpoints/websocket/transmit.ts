import { isFault } from '../../fault.ts';
import type { FarClient } from './far-client.ts';
import type { Outgoing } from './outgoing.ts';

/**
 * Sends to each of them. Resolves when each has taken it (or, without our frames, when it has left), or is gone: who left
 * misses nothing that could still reach him. Rejects, after all of them, with what the first that refused said.
 */
export function transmit(clients: Iterable<FarClient>, outgoing: Outgoing, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let open = 1;
    let refusal: Error | undefined;
    const forgets: (() => void)[] = [];
    const settled = (error?: Error): void => {
      if (error !== undefined && !(isFault(error) && error.code === 'FAR_SIDE_GONE')) refusal ??= error;
      open -= 1;
      if (open > 0) return;
      signal.removeEventListener('abort', onAbort);
      if (refusal === undefined) resolve();
      else reject(refusal);
    };
    const onAbort = (): void => {
      for (const forget of forgets) forget();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    for (const { channel, connection } of clients) {
      open += 1;
      try {
        if (channel !== undefined) forgets.push(channel.send(outgoing, settled));
        else if (connection.send(outgoing.plain, settled)) settled();
      } catch (error) {
        // What cannot be encoded: topic and properties are too long.
        settled(error as Error);
      }
    }
    settled();
  });
}
