/**
 * How many of our QoS 1 and 2 messages the broker takes before it acknowledges one (Receive Maximum; MQTT 5, 4.9). A place
 * is freed by the acknowledgement alone, not by a sender that gave up: the broker goes on counting it.
 */
export class AcknowledgementQuota {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(receiveMaximum: number) {
    this.#free = receiveMaximum;
  }

  /** Runs `start` when a place is free, in order; not any more once the signal has fired. */
  whenFree(signal: AbortSignal, start: () => void): void {
    if (this.#free > 0) {
      this.#free -= 1;
      start();
      return;
    }
    this.#waiting.add(start);
    signal.addEventListener('abort', () => this.#waiting.delete(start), { once: true });
  }

  release(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
