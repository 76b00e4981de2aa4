import type { Connection } from './connection.ts';
import type { FramedChannel } from './framed-channel.ts';
import type { Outgoing } from './outgoing.ts';

/**
 * Sends to one far side. Resolves when it has acknowledged it, or, where it gets bare payloads, when it has left. The signal
 * gives up waiting.
 */
export function handOver(
  { channel, connection }: { readonly channel: FramedChannel | undefined; readonly connection: Connection },
  outgoing: Outgoing,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let forget = (): void => undefined;
    const onAbort = (): void => {
      forget();
      reject(signal.reason as Error);
    };
    const settled = (error?: Error): void => {
      signal.removeEventListener('abort', onAbort);
      if (error === undefined) resolve();
      else reject(error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (channel !== undefined) forget = channel.send(outgoing, settled);
    else if (connection.send(outgoing.plain, settled)) settled();
  });
}
