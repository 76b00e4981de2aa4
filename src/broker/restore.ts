import type { BrokerCore } from './broker-core.ts';
import { Delivery } from './delivery.ts';
import type { DurableStore } from './durable-store.ts';
import { Message } from './message.ts';
import type { Session } from './session.ts';
import { splitShared } from './subscription.ts';
import type { Will } from './wills.ts';

interface MessageRow {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  properties: Uint8Array;
  expires_at: number;
  sender: string;
}

/** Puts everything the file holds back into the broker. */
export function restore(store: DurableStore, core: BrokerCore): void {
  const { database } = store;
  const rows = <Row>(text: string): IterableIterator<Row> =>
    database.prepare(text).iterate() as unknown as IterableIterator<Row>;
  const now = Date.now();
  // A session that was to end with its connection has ended with the broker.
  database.exec('DELETE FROM sessions WHERE expiry = 0');
  for (const table of ['subscriptions', 'received', 'wills', 'deliveries'])
    database.exec(`DELETE FROM ${table} WHERE client NOT IN (SELECT client FROM sessions)`);

  type SessionRow = { client: string; identity: string | null; expiry: number; ends_at: number };
  const sessions = new Map<string, Session>();
  for (const { client, identity, expiry, ends_at } of rows<SessionRow>('SELECT * FROM sessions')) {
    const session = core.sessions.create(client, identity ?? undefined);
    session.expirySeconds = expiry;
    session.endsAt = ends_at;
    sessions.set(client, session);
  }
  type SubscriptionRow = {
    client: string;
    name: string;
    qos: 0 | 1 | 2;
    no_local: number;
    retain_as_published: number;
    identifier: number;
  };
  for (const row of rows<SubscriptionRow>('SELECT * FROM subscriptions')) {
    const owner = sessions.get(row.client);
    if (owner === undefined) continue;
    const { name, qos, identifier: id } = row;
    const flags = { noLocal: row.no_local === 1, retainAsPublished: row.retain_as_published === 1 };
    const subscription = { owner, name, ...splitShared(name), qos, ...flags, id };
    core.exchange.tree.add(subscription);
    owner.restoreSubscription(subscription);
  }
  for (const { client, packet_id } of rows<{ client: string; packet_id: number }>('SELECT * FROM received'))
    sessions.get(client)?.restoreReceived(packet_id);
  restoreDeliveries(store, sessions, rows);
  restoreRetained(store, core);
  // Who was connected when the broker ended has its whole time from now on.
  for (const session of sessions.values())
    core.sessions.await(session, session.endsAt === 0 ? now + session.expirySeconds * 1000 : session.endsAt);
  restoreWills(core, sessions, [...rows<WillRow>('SELECT * FROM wills')]);
}

type WillRow = {
  client: string;
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  retain: number;
  properties: Uint8Array;
  expiry: number | null;
  delay: number;
  due_at: number;
};

/** Connections that broke with the broker broke just now, for their wills (MQTT 5, 3.1.2.5). */
function restoreWills(core: BrokerCore, sessions: ReadonlyMap<string, Session>, rows: readonly WillRow[]): void {
  for (const { client, topic, payload, qos, retain, properties, expiry, delay, due_at } of rows) {
    const session = sessions.get(client);
    if (session === undefined) continue;
    const will: Will = {
      topic,
      payload: viewOf(payload),
      qos,
      retain: retain === 1,
      passedOn: viewOf(properties),
      expirySeconds: expiry ?? undefined,
      delaySeconds: delay,
    };
    core.store.will(session, will, due_at);
    if (due_at === 0) core.sessions.wills.start(session, will);
    else core.sessions.wills.await(session, will, due_at);
  }
}

/** Longest payload that is read as text. */
const MOST_HEX_BYTES = 256;
/** Senders whose name is remembered while reading. */
const MOST_SENDERS = 10_000;
const noBytes = Buffer.alloc(0);

type RetainedRow = [string, Uint8Array | string, 0 | 1 | 2, Uint8Array | null, number, string];

/** There may be a million, so rows come as lists, and small payloads as text: a Uint8Array of its own for each takes longer than all else. */
function restoreRetained({ database }: DurableStore, core: BrokerCore): void {
  const statement = database.prepare(
    `SELECT topic, CASE WHEN length(payload) <= ${MOST_HEX_BYTES} THEN hex(payload) ELSE payload END, qos,
      nullif(properties, x''), expires_at, sender FROM retained`,
  );
  statement.setReturnArrays(true);
  const senders = new Map<string, string>();
  for (const row of statement.iterate() as unknown as IterableIterator<RetainedRow>) {
    const [topic, payload, qos, properties, expiresAt, sender] = row;
    const bytes = typeof payload === 'string' ? Buffer.from(payload, 'hex') : viewOf(payload);
    // The same text each time, not a million alike.
    const from = senders.get(sender) ?? sender;
    if (senders.size < MOST_SENDERS) senders.set(sender, from);
    const passedOn = properties === null ? noBytes : viewOf(properties);
    const message = new Message(topic, bytes, qos, true, passedOn, expiresAt, from);
    if (typeof payload !== 'string') message.keep();
    if (!message.expired) core.retained.restore(message);
  }
}

type DeliveryRow = {
  sequence: number;
  client: string;
  message: number;
  qos: 1 | 2;
  retain: number;
  identifiers: string;
  packet_id: number;
  state: Delivery['state'];
};

function restoreDeliveries(
  store: DurableStore,
  sessions: ReadonlyMap<string, Session>,
  rows: <Row>(text: string) => IterableIterator<Row>,
): void {
  store.database.exec('DELETE FROM messages WHERE id NOT IN (SELECT message FROM deliveries)');
  const messages = new Map<number, Message>();
  for (const row of rows<MessageRow & { id: number; retain: number }>('SELECT * FROM messages')) {
    const message = messageOf(row, row.retain === 1);
    message.row = row.id;
    messages.set(row.id, message);
    store.nextRow = Math.max(store.nextRow, row.id + 1);
  }
  for (const row of rows<DeliveryRow>('SELECT * FROM deliveries ORDER BY sequence')) {
    store.nextSequence = row.sequence + 1;
    const message = messages.get(row.message);
    const session = sessions.get(row.client);
    if (message === undefined || session === undefined) continue;
    const ids = row.identifiers === '' ? undefined : row.identifiers.split(' ').map(Number);
    const delivery = new Delivery(message, row.qos, row.retain === 1, ids);
    delivery.sequence = row.sequence;
    delivery.packetId = row.packet_id;
    delivery.state = row.state;
    delivery.stored = true;
    message.references += 1;
    session.restore(delivery);
  }
}

function messageOf({ topic, payload, qos, properties, expires_at, sender }: MessageRow, retain: boolean): Message {
  return new Message(topic, viewOf(payload), qos, retain, viewOf(properties), expires_at, sender).keep();
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
