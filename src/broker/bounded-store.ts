import type { Aedes, AedesPublishPacket } from 'aedes';
import { clientOf, persistenceOf } from './aedes-internals.ts';

/** A connected client may have as many unacknowledged messages as there are packet identifiers (MQTT 5, 2.2.1). */
const PACKET_IDENTIFIERS = 65_535;

/** What the broker keeps in memory for others, held within its limits. */
export interface BoundedStore {
  /** Why a retained message cannot be kept. */
  retainProblem(topic: string, payloadBytes: number): string | undefined;
}

/** Puts limits into the broker's message store, which has none of its own. Call it before the first client. */
export function boundStore(aedes: Aedes, limits: { maxQueuedMessages: number; maxRetained: number }): BoundedStore {
  const store = persistenceOf(aedes);
  const retained = new Set<string>();
  const queued = new Map<string, number>();
  const storeRetained = store.storeRetained.bind(store);
  const enqueue = store.outgoingEnqueueCombi.bind(store);
  const clear = store.outgoingClearMessageId.bind(store);

  const hasRoom = (clientId: string): boolean =>
    (queued.get(clientId) ?? 0) <
    (clientOf(aedes, clientId) === undefined ? limits.maxQueuedMessages : PACKET_IDENTIFIERS);

  store.storeRetained = async (packet: AedesPublishPacket): Promise<void> => {
    await storeRetained(packet);
    if (packet.payload.length === 0) retained.delete(packet.topic);
    else retained.add(packet.topic);
  };
  store.outgoingEnqueueCombi = (subscriptions, packet): Promise<void> => {
    const taken = subscriptions.filter(({ clientId }) => hasRoom(clientId));
    for (const { clientId } of taken) queued.set(clientId, (queued.get(clientId) ?? 0) + 1);
    return enqueue(taken, packet);
  };
  store.outgoingClearMessageId = async (client, packet): Promise<AedesPublishPacket | undefined> => {
    const cleared = await clear(client, packet);
    const left = (queued.get(client.id) ?? 0) - 1;
    if (cleared !== undefined && left > 0) queued.set(client.id, left);
    else if (cleared !== undefined) queued.delete(client.id);
    return cleared;
  };
  return {
    retainProblem(topic, payloadBytes) {
      if (payloadBytes === 0 || retained.has(topic) || retained.size < limits.maxRetained) return undefined;
      return `the broker keeps its limit of ${limits.maxRetained} retained messages`;
    },
  };
}
