import type { Properties, Qos } from '../../../wire/mqtt/index.ts';

export type OnDone = (error?: Error) => void;

/** One message on its way out: waiting for room, or sent at QoS 1 or 2 and not yet taken over. */
export class Outgoing {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties: Properties | undefined;
  /** When the sender no longer waits, in ms of `performance.now()`. */
  readonly dueAt: number;
  packetId = 0;
  /** QoS 2: the broker has taken it over, PUBREL is on its way. */
  released = false;
  #onDone: OnDone | undefined;
  #settled = false;
  #error: Error | undefined;

  constructor(
    topic: string,
    payload: Uint8Array,
    qos: Qos,
    retain: boolean,
    properties: Properties | undefined,
    dueAt: number,
    onDone: OnDone | undefined,
  ) {
    this.topic = topic;
    this.payload = payload;
    this.qos = qos;
    this.retain = retain;
    this.properties = properties;
    this.dueAt = dueAt;
    this.#onDone = onDone;
  }

  /** Nobody waits for it any more; its place at the broker is another matter. */
  get settled(): boolean {
    return this.#settled;
  }

  /** The first time counts. */
  settle(error?: Error): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#error = error;
    const onDone = this.#onDone;
    this.#onDone = undefined;
    onDone?.(error);
  }

  /** Calls back when it is settled; at once when it is. The last one to ask is told. */
  whenDone(onDone: OnDone): void {
    if (this.#settled) onDone(this.#error);
    else this.#onDone = onDone;
  }
}
