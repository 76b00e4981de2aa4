/** One far side of a listener, as something to send to. */
export interface FarSide<Packed> {
  readonly identity: string | undefined;
  /** Resolves when it has taken it, or is gone: who left misses nothing that could still reach him. */
  send(packed: Packed, topic: string, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Sends to each of them; waits for all, then rejects with what the first one that refused said. */
export async function sendToAll<Packed>(
  farSides: Iterable<FarSide<Packed>>,
  packed: Packed,
  topic: string,
  signal: AbortSignal,
): Promise<void> {
  const sends = Array.from(farSides, (farSide) => farSide.send(packed, topic, signal));
  const refused = (await Promise.allSettled(sends)).find((result) => result.status === 'rejected');
  if (refused !== undefined) throw refused.reason;
}
