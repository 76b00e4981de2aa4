import type { FlowMessage } from './message.ts';
import type { Receiver, Source } from './own-node.ts';

/**
 * Stands at an output while what went through the runtime before is still on its way: what is sent now waits, so that it
 * overtakes nothing.
 */
export class HeldOutput implements Receiver {
  readonly #from: Source;
  readonly #port: number;
  readonly #messages: FlowMessage[] = [];

  constructor(from: Source, port: number) {
    this.#from = from;
    this.#port = port;
    from.direct[port] = this;
  }

  take(message: FlowMessage): void {
    this.#messages.push(message);
  }

  /** From here on messages are handed over to `receiver`; through the runtime without one. */
  release(receiver: Receiver | undefined): void {
    // What is sent meanwhile comes behind.
    for (const message of this.#messages) {
      if (receiver === undefined) this.#from.sendByRuntime(this.#port, message);
      else receiver.take(message);
    }
    this.#from.direct[this.#port] = receiver;
  }
}
