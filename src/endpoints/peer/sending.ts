import type { Message } from '../../endpoint/message.ts';
import type { Channel } from './channel.ts';
import type { SendingLine } from './sending-line.ts';

/** One message from `send()` to its settled promise. */
export class Sending {
  readonly message: Message;
  readonly reliable: boolean;
  /** By the monotonic clock, in ms. */
  readonly deadline: number;
  /** The line it stands in, and its neighbours there. */
  line: SendingLine | undefined;
  before: Sending | undefined;
  after: Sending | undefined;
  readonly #settled: (sending: Sending) => void;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;
  #channel: Channel | undefined;
  #id = 0;
  #done = false;
  #release: (() => void) | undefined;

  /** `settled` is called once, when it is done one way or the other. */
  constructor(
    message: Message,
    reliable: boolean,
    deadline: number,
    settled: (sending: Sending) => void,
    resolve: () => void,
    reject: (error: Error) => void,
  ) {
    this.message = message;
    this.reliable = reliable;
    this.deadline = deadline;
    this.line = undefined;
    this.before = undefined;
    this.after = undefined;
    this.#settled = settled;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  endWith(signal: AbortSignal): void {
    const onAbort = (): void => this.settle(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#release = () => signal.removeEventListener('abort', onAbort);
  }

  sentBy(channel: Channel, id: number): void {
    this.#channel = channel;
    this.#id = id;
  }

  settle(error?: Error): void {
    if (this.#done) return;
    this.#done = true;
    this.#release?.();
    if (error === undefined) this.#resolve();
    else {
      this.#channel?.forget(this.#id);
      this.#reject(error);
    }
    this.#settled(this);
  }
}
