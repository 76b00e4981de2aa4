import type { Aedes, AedesPublishPacket, Client, Subscription } from 'aedes';
import type { EventEmitter } from 'node:events';
import { topicFilterProblem } from './topic.ts';

/** What we use of aedes beyond its types. The version is pinned exactly and `hostile-client.test.ts` holds each of these. */
interface Internals {
  clients: Record<string, Client>;
  brokers: Record<string, unknown>;
  readonly persistence: Persistence;
}
interface ClientInternals {
  subscriptions: Record<string, unknown>;
  duplicates: Record<string, unknown>;
  readonly _parser: EventEmitter;
}
export interface Persistence {
  storeRetained(packet: AedesPublishPacket): Promise<void>;
  createRetainedStreamCombi(filters: readonly string[]): AsyncIterable<AedesPublishPacket>;
  outgoingEnqueueCombi(subscriptions: readonly { clientId: string }[], packet: AedesPublishPacket): Promise<void>;
  outgoingClearMessageId(client: { id: string }, packet: AedesPublishPacket): Promise<AedesPublishPacket | undefined>;
}
interface ParsedPacket {
  cmd: string;
  readonly subscriptions?: readonly Subscription[];
  readonly unsubscriptions?: readonly string[];
}

export const persistenceOf = (aedes: Aedes): Persistence => internals(aedes).persistence;
export const clientOf = (aedes: Aedes, clientId: string): Client | undefined => internals(aedes).clients[clientId];

/** aedes looks client ids up in plain objects: without this the id `toString` would end the process. */
export function hardenBroker(aedes: Aedes): void {
  internals(aedes).clients = dictionary();
  internals(aedes).brokers = dictionary();
}

/**
 * The same for the topic filters of one client; and a malformed filter, which aedes takes or trips over, becomes the
 * protocol error it is (MQTT 5, 4.7.0-1, 4.7.1): the connection ends.
 */
export function hardenClient(client: Client): void {
  const inner = client as unknown as ClientInternals;
  inner.subscriptions = dictionary();
  inner.duplicates = dictionary();
  inner._parser.prependListener('packet', (packet: ParsedPacket) => {
    const filters = packet.unsubscriptions ?? packet.subscriptions?.map(({ topic }) => topic) ?? [];
    if (filters.some((filter) => filter === '__proto__' || topicFilterProblem(filter) !== undefined))
      packet.cmd = 'malformed';
  });
}

function internals(aedes: Aedes): Internals {
  return aedes as unknown as Internals;
}

/** An object that has no keys but its own. */
function dictionary<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
