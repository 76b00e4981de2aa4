import { Fifo } from '../fifo.ts';
import type { Delivery } from './delivery.ts';

/** Deliveries in order, with their bytes. */
export class DeliveryQueue {
  bytes = 0;
  readonly #items = new Fifo<Delivery>();

  get count(): number {
    return this.#items.length;
  }

  push(delivery: Delivery): void {
    this.#items.push(delivery);
    this.bytes += delivery.message.heldBytes;
  }

  shift(): Delivery | undefined {
    const delivery = this.#items.shift();
    if (delivery !== undefined) this.bytes -= delivery.message.heldBytes;
    return delivery;
  }

  values(): Iterable<Delivery> {
    return this.#items;
  }
}
