import type { Delivery } from './delivery.ts';

/** Deliveries in order, with their bytes. Taking the first costs the same however many there are. */
export class DeliveryQueue {
  bytes = 0;
  #items: Delivery[] = [];
  #head = 0;

  get count(): number {
    return this.#items.length - this.#head;
  }

  push(delivery: Delivery): void {
    this.#items.push(delivery);
    this.bytes += delivery.message.heldBytes;
  }

  shift(): Delivery | undefined {
    const delivery = this.#items[this.#head];
    if (delivery === undefined) return undefined;
    this.#head += 1;
    this.bytes -= delivery.message.heldBytes;
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return delivery;
  }

  *values(): Generator<Delivery> {
    for (let at = this.#head; at < this.#items.length; at += 1) yield this.#items[at]!;
  }
}
