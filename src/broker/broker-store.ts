import type { Delivery } from './delivery.ts';
import type { Message } from './message.ts';
import type { Session } from './session.ts';
import type { Subscription } from './subscription.ts';
import type { Will } from './wills.ts';

/** Where the broker writes what must outlive it. Everything is in memory too, and read from there. */
export interface BrokerStore extends Disposable {
  /** A session that lasts, or has lasted until now, changed. */
  session(session: Session): void;
  dropSession(session: Session): void;
  subscription(session: Session, subscription: Subscription): void;
  dropSubscription(session: Session, subscription: Subscription): void;
  /** A delivery of QoS 1 or 2 is new, changed its state, or is done. */
  delivery(session: Session, delivery: Delivery): void;
  /** A QoS 2 message of the client's was received (and not yet released), or released. */
  received(session: Session, packetId: number, present: boolean): void;
  retained(topic: string, message: Message | undefined): void;
  /** The will of a session that lasts: set, due at a time in ms since 1970 (0 while its client is there), or over. */
  will(session: Session, will: Will | undefined, dueAt: number): void;
  /** It outlives the process. */
  readonly durable: boolean;
  /** Something waits to be written. */
  readonly unsaved: boolean;
  /** Runs at once, or, while anything waits to be written, when all of it is on disk: what an acknowledgement promises. */
  whenSafe(act: () => unknown): void;
}

const nothing = (): void => undefined;

/** Keeps nothing. */
export const memoryStore: BrokerStore = {
  durable: false,
  unsaved: false,
  session: nothing,
  dropSession: nothing,
  subscription: nothing,
  dropSubscription: nothing,
  delivery: nothing,
  received: nothing,
  retained: nothing,
  will: nothing,
  whenSafe: (act) => void act(),
  [Symbol.dispose]: nothing,
};
