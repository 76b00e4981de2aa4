import type { BrokerStore } from './broker-store.ts';
import type { Message } from './message.ts';
import { RetainedTree } from './retained-tree.ts';

interface RetainedLimits {
  readonly maxRetained: number;
  readonly maxRetainedBytes: number;
}

/** Retained messages within their limits, written to the store. `$SYS` is neither counted nor written. */
export class RetainedKeeper {
  readonly tree = new RetainedTree();
  readonly #expiring = new Set<Message>();
  readonly #store: BrokerStore;
  readonly #limits: RetainedLimits;
  #systemCount = 0;
  #systemBytes = 0;

  constructor(store: BrokerStore, limits: RetainedLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  get count(): number {
    return this.tree.count - this.#systemCount;
  }
  get bytes(): number {
    return this.tree.bytes - this.#systemBytes;
  }

  /** Why a message with so large a payload cannot be kept for its topic. */
  problem(topic: string, payloadBytes: number): string | undefined {
    if (payloadBytes === 0) return undefined;
    const { maxRetained, maxRetainedBytes } = this.#limits;
    if (this.count < maxRetained && this.bytes + topic.length + payloadBytes <= maxRetainedBytes) return undefined;
    const old = this.tree.get(topic);
    if (old === undefined && this.count >= maxRetained)
      return `the broker keeps its limit of ${maxRetained} retained messages`;
    if (this.bytes - (old?.bytes ?? 0) + topic.length + payloadBytes > maxRetainedBytes)
      return `the broker keeps its limit of ${maxRetainedBytes} bytes of retained messages`;
    return undefined;
  }

  /** Keeps the message for its topic; an empty one forgets what is kept (MQTT 5, 3.3.1-6). */
  take(message: Message): void {
    if (message.payload.length > 0) {
      this.restore(message.keep());
      this.#store.retained(message.topic, message);
    } else if (this.tree.delete(message.topic)) this.#store.retained(message.topic, undefined);
  }

  /** Puts back what the store has. */
  restore(message: Message): void {
    this.tree.set(message);
    if (message.expiresAt !== 0) this.#expiring.add(message);
  }

  takeSystem(message: Message): void {
    const { count, bytes } = this.tree;
    this.tree.set(message.keep());
    this.#systemCount += this.tree.count - count;
    this.#systemBytes += this.tree.bytes - bytes;
  }

  /** Those of a filter that have not expired. */
  *match(filter: string): Generator<Message> {
    for (const message of this.tree.match(filter)) if (!message.expired) yield message;
  }

  /** The same as they are now, for who changes them meanwhile. */
  snapshot(filter: string): Message[] {
    return [...this.match(filter)];
  }

  /** True while it is the one kept for its topic. */
  holds(message: Message): boolean {
    return !message.expired && this.tree.get(message.topic) === message;
  }

  forgetExpired(): void {
    for (const message of this.#expiring) {
      const current = this.tree.get(message.topic) === message;
      if (current && !message.expired) continue;
      this.#expiring.delete(message);
      if (current && this.tree.delete(message.topic)) this.#store.retained(message.topic, undefined);
    }
  }
}
