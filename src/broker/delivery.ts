import type { Message } from './message.ts';

/** A message of QoS 1 or 2 for one client, until it is acknowledged. */
export class Delivery {
  readonly message: Message;
  readonly qos: 1 | 2;
  readonly retain: boolean;
  /** Subscription identifiers. */
  readonly ids: readonly number[] | undefined;
  /** `queued` has no packet identifier yet; `released` has its PUBREC and waits for PUBCOMP. */
  state: 'queued' | 'sent' | 'released' | 'done' = 'queued';
  packetId = 0;
  /** Sent over the connection there is now, so it takes of its Receive Maximum. */
  underWay = false;
  /** Place in the durable store, its row there, and whether a change waits to be written. */
  sequence = 0;
  stored = false;
  changed = false;

  constructor(message: Message, qos: 1 | 2, retain: boolean, ids: readonly number[] | undefined) {
    this.message = message;
    this.qos = qos;
    this.retain = retain;
    this.ids = ids;
  }
}
