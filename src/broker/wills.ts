import { encodeProperties, type Connect, type Qos } from '../wire/mqtt/index.ts';
import type { BrokerStore } from './broker-store.ts';
import { Message } from './message.ts';
import type { Session } from './session.ts';

/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** What a client wants published when it vanishes (MQTT 5, 3.1.2.5). */
export interface Will {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  readonly retain: boolean;
  /** Encoded properties that are passed on. */
  readonly passedOn: Buffer;
  readonly expirySeconds: number | undefined;
  readonly delaySeconds: number;
}

export function willOf({ will }: Connect): Will | undefined {
  if (will === undefined) return undefined;
  const { topic, qos, retain } = will;
  const { willDelayInterval: delaySeconds = 0, messageExpiryInterval: expirySeconds, ...rest } = will.properties;
  const payload = Buffer.from(will.payload);
  return { topic, payload, qos, retain, passedOn: encodeProperties(rest), expirySeconds, delaySeconds };
}

/** The message it becomes. Its expiry runs from the publication (MQTT 5, 3.1.3.2.4). */
export function messageOfWill({ topic, payload, qos, retain, passedOn, expirySeconds }: Will, from: string): Message {
  const expiresAt = expirySeconds === undefined ? 0 : Date.now() + expirySeconds * 1000;
  return new Message(topic, payload, qos, retain, passedOn, expiresAt, from);
}

/** Wills whose delay runs (MQTT 5, 3.1.3.2.2). Those of sessions that last are on disk from their CONNECT on. */
export class Wills {
  readonly #waiting = new Map<Session, { readonly will: Will; readonly timer: NodeJS.Timeout }>();
  readonly #store: BrokerStore;
  readonly #publish: (session: Session, will: Will) => void;

  constructor(store: BrokerStore, publish: (session: Session, will: Will) => void) {
    this.#store = store;
    this.#publish = publish;
  }

  /** The connection broke: the will is published after its delay, or when the session ends. */
  start(session: Session, will: Will): void {
    const dueAt = Date.now() + will.delaySeconds * 1000;
    if (will.delaySeconds > 0) this.#store.will(session, will, dueAt);
    this.await(session, will, dueAt);
  }

  /** Publishes it at that time, in ms since 1970. */
  await(session: Session, will: Will, dueAt: number): void {
    const leftInMs = dueAt - Date.now();
    if (leftInMs <= 0) {
      this.forget(session);
      this.#publish(session, will);
      return;
    }
    const timer = setTimeout(() => this.await(session, will, dueAt), Math.min(leftInMs, LONGEST_TIMER_MS)).unref();
    this.#waiting.set(session, { will, timer });
  }

  /** The client is back in time, or said good-bye. */
  forget(session: Session): void {
    clearTimeout(this.#waiting.get(session)?.timer);
    this.#waiting.delete(session);
    this.#store.will(session, undefined, 0);
  }

  /** Publishes it now, if one waits. */
  release(session: Session): void {
    const waiting = this.#waiting.get(session);
    if (waiting === undefined) return;
    this.forget(session);
    this.#publish(session, waiting.will);
  }

  close(): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
    this.#waiting.clear();
  }
}
