import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Fault } from '../fault.ts';
import type { BrokerStore } from './broker-store.ts';
import type { Delivery } from './delivery.ts';
import { schema, SCHEMA_VERSION, statements } from './durable-schema.ts';
import type { Message } from './message.ts';
import type { Session } from './session.ts';
import type { Subscription } from './subscription.ts';
import type { Will } from './wills.ts';

/** Time before the next try when the disk refused to write, in ms. */
const RETRY_MS = 1_000;

type Statements = Record<keyof typeof statements, StatementSync>;

/**
 * Sessions, what they wait for, and retained messages in one SQLite file. Changes of a turn are written together, in one
 * transaction that is on the disk before anything it promises is acknowledged; what came and went within a turn is
 * never written.
 */
export class DurableStore implements BrokerStore {
  readonly database: DatabaseSync;
  readonly durable = true;
  unsaved = false;
  nextRow = 1;
  nextSequence = 1;
  readonly #sql: Statements;
  readonly #onError: (error: Error) => void;
  #steps: (() => void)[] = [];
  #deliveries: { readonly session: Session; readonly delivery: Delivery }[] = [];
  #retained = new Map<string, Message | undefined>();
  /** Clients with a will in the file. */
  readonly #willing = new Set<string>();
  #waiting: (() => unknown)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(file: string, onError: (error: Error) => void) {
    mkdirSync(dirname(file), { recursive: true });
    // It holds what clients sent: nobody else's to read. SQLite gives its other files the same mode.
    writeFileSync(file, '', { flag: 'a', mode: 0o600 });
    this.database = openDatabase(file);
    const prepared = Object.entries(statements).map(([name, text]) => [name, this.database.prepare(text)]);
    this.#sql = Object.fromEntries(prepared) as Statements;
    this.#onError = onError;
  }

  session({ clientId, identity, expirySeconds, endsAt }: Session): void {
    this.#step(() => this.#sql.putSession.run(clientId, identity ?? null, expirySeconds, endsAt));
  }

  dropSession(session: Session): void {
    const { clientId } = session;
    for (const delivery of session.deliveries()) {
      delivery.state = 'done';
      if (delivery.stored || delivery.changed) this.delivery(session, delivery);
    }
    const willing = this.#willing.delete(clientId);
    this.#step(() => {
      if (willing) this.#sql.dropWill.run(clientId);
      this.#sql.dropSession.run(clientId);
      this.#sql.dropSubscriptions.run(clientId);
      this.#sql.dropAllReceived.run(clientId);
    });
  }

  subscription({ clientId, expirySeconds }: Session, subscription: Subscription): void {
    if (expirySeconds === 0) return;
    const { name, qos, noLocal, retainAsPublished, id } = subscription;
    this.#step(() =>
      this.#sql.putSubscription.run(clientId, name, qos, Number(noLocal), Number(retainAsPublished), id),
    );
  }

  dropSubscription({ clientId, expirySeconds }: Session, { name }: Subscription): void {
    if (expirySeconds > 0) this.#step(() => this.#sql.dropSubscription.run(clientId, name));
  }

  delivery(session: Session, delivery: Delivery): void {
    if (delivery.changed || (session.expirySeconds === 0 && !delivery.stored)) return;
    delivery.changed = true;
    if (delivery.sequence === 0) {
      delivery.sequence = this.nextSequence;
      this.nextSequence += 1;
    }
    this.#deliveries.push({ session, delivery });
    this.#schedule();
  }

  received({ clientId, expirySeconds }: Session, packetId: number, present: boolean): void {
    if (expirySeconds === 0) return;
    this.#step(() => this.#sql[present ? 'putReceived' : 'dropReceived'].run(clientId, packetId));
  }

  retained(topic: string, message: Message | undefined): void {
    this.#retained.set(topic, message);
    this.#schedule();
  }

  will({ clientId, expirySeconds }: Session, will: Will | undefined, dueAt: number): void {
    if (expirySeconds === 0) return;
    if (will === undefined) {
      if (this.#willing.delete(clientId)) this.#step(() => this.#sql.dropWill.run(clientId));
      return;
    }
    this.#willing.add(clientId);
    const { topic, payload, qos, retain, passedOn, expirySeconds: expiry = null, delaySeconds } = will;
    this.#step(() =>
      this.#sql.putWill.run(clientId, topic, payload, qos, Number(retain), passedOn, expiry, delaySeconds, dueAt),
    );
  }

  whenSafe(act: () => unknown): void {
    if (this.unsaved) this.#waiting.push(act);
    else act();
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#commit();
    this.#closed = true;
    clearTimeout(this.#timer);
    this.database.close();
  }

  #step(step: () => void): void {
    this.#steps.push(step);
    this.#schedule();
  }

  #schedule(): void {
    if (this.unsaved) return;
    this.unsaved = true;
    setImmediate(() => this.#commit());
  }

  #commit(): void {
    if (!this.unsaved || this.#closed) return;
    const undo: (() => void)[] = [];
    try {
      this.database.exec('BEGIN IMMEDIATE');
      for (const step of this.#steps) step();
      for (const { session, delivery } of this.#deliveries) this.#write(session, delivery, undo);
      for (const [topic, message] of this.#retained) this.#writeRetained(topic, message);
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      for (const back of undo.reverse()) back();
      this.#onError(error instanceof Error ? error : new Error(String(error)));
      // Nothing that waits is acknowledged until the disk takes it.
      this.#timer = setTimeout(() => this.#commit(), RETRY_MS).unref();
      return;
    }
    for (const { delivery } of this.#deliveries) delivery.changed = false;
    this.#steps = [];
    this.#deliveries = [];
    this.#retained.clear();
    this.unsaved = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const act of waiting) this.whenSafe(act);
  }

  #write({ clientId }: Session, delivery: Delivery, undo: (() => void)[]): void {
    const { message, sequence, packetId, state, stored } = delivery;
    if (state === 'done') {
      if (!stored) return;
      this.#sql.dropDelivery.run(sequence);
      this.#count(delivery, false, undo);
      if (message.references === 0) {
        const { row } = message;
        this.#sql.dropMessage.run(row);
        message.row = 0;
        undo.push(() => (message.row = row));
      }
    } else if (stored) this.#sql.changeDelivery.run(packetId, state, sequence);
    else {
      if (message.row === 0) this.#writeMessage(message, undo);
      const { qos, retain, ids } = delivery;
      const identifiers = ids === undefined ? '' : ids.join(' ');
      this.#sql.putDelivery.run(sequence, clientId, message.row, qos, Number(retain), identifiers, packetId, state);
      this.#count(delivery, true, undo);
    }
  }

  #count(delivery: Delivery, stored: boolean, undo: (() => void)[]): void {
    const { message } = delivery;
    const step = stored ? 1 : -1;
    delivery.stored = stored;
    message.references += step;
    undo.push(() => {
      delivery.stored = !stored;
      message.references -= step;
    });
  }

  #writeMessage(message: Message, undo: (() => void)[]): void {
    const { topic, payload, qos, retain, passedOn, expiresAt, from } = message;
    message.row = this.nextRow;
    this.nextRow += 1;
    undo.push(() => (message.row = 0));
    this.#sql.putMessage.run(message.row, topic, payload, qos, Number(retain), passedOn, expiresAt, from);
  }

  #writeRetained(topic: string, message: Message | undefined): void {
    if (message === undefined) this.#sql.dropRetained.run(topic);
    else {
      const { payload, qos, passedOn, expiresAt, from } = message;
      this.#sql.putRetained.run(topic, payload, qos, passedOn, expiresAt, from);
    }
  }
}

/** Throws FILE_DAMAGED. */
function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA locking_mode = EXCLUSIVE;');
    database.exec(schema);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    return database;
  } catch (error) {
    database.close();
    const { errcode, message } = error as Error & { readonly errcode?: number };
    if (errcode === SQLITE_CORRUPT || errcode === SQLITE_NOTADB)
      throw new Fault('FILE_DAMAGED', { file, reason: message }, { cause: error });
    throw error;
  }
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
