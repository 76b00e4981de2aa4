import type { FlowMessage } from './message.ts';
import type { OwnNode, Receiver } from './own-node.ts';

/**
 * Stands at an output while what went through the runtime before is still on its way: what is sent now waits, so that it
 * overtakes nothing.
 */
export class HeldWire implements Receiver {
  readonly #from: OwnNode;
  readonly #port: number;
  readonly #to: OwnNode;
  readonly #messages: FlowMessage[] = [];

  constructor(from: OwnNode, port: number, to: OwnNode) {
    this.#from = from;
    this.#port = port;
    this.#to = to;
    from.direct[port] = this;
  }

  take(message: FlowMessage): void {
    this.#messages.push(message);
  }

  /** From here on messages are handed over directly. */
  release(): void {
    for (const message of this.#messages) {
      if (this.#to.answersLater) this.#from.sendByRuntime(this.#port, message);
      else this.#to.take(message);
    }
    this.#from.direct[this.#port] = this.#to.answersLater ? undefined : this.#to;
  }

  /** From here on messages go through the runtime. */
  drop(): void {
    this.#from.direct[this.#port] = undefined;
    for (const message of this.#messages) this.#from.sendByRuntime(this.#port, message);
  }
}
