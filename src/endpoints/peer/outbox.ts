import type { FilledLimits } from '../../endpoint/limits.ts';
import type { Message } from '../../endpoint/message.ts';
import { messageFault } from '../../endpoint/message-fault.ts';
import { Fault } from '../../fault.ts';
import type { Channel } from './channel.ts';
import type { PeerSendOptions } from './side.ts';

/**
 * What is on its way to one peer: at most `maxInFlight` unacknowledged, at most `maxWaiting` before them in order, each no
 * longer than `sendTimeoutMs`. One clock for all, and no promise beside the caller's: this is done for every message.
 */
export class Outbox {
  readonly #url: string;
  readonly #limits: FilledLimits;
  /** In the order they were given, those under way first. */
  readonly #all = new Set<Sending>();
  readonly #waiting = new Set<Sending>();
  #state: 'held' | 'open' | 'closed' = 'held';
  #channel: Channel | undefined;
  #cause: Error | undefined;
  #clock: NodeJS.Timeout | undefined;
  #lastTopic: string | undefined;

  constructor(url: string, limits: FilledLimits) {
    this.#url = url;
    this.#limits = limits;
  }

  send(message: Message, { signal, reliable = true }: PeerSendOptions = {}): Promise<void> {
    const refusal = this.#refusal(message, signal);
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const sending = new Sending(
        this,
        message,
        reliable,
        performance.now() + this.#limits.sendTimeoutMs,
        resolve,
        reject,
      );
      this.#all.add(sending);
      if (signal !== undefined) sending.endWith(signal);
      this.#clock ??= this.#startClock(this.#limits.sendTimeoutMs);
      if (this.#hasRoom && this.#waiting.size === 0) this.#start(sending);
      else this.#waiting.add(sending);
    });
  }

  /** There is a way: what waits starts, in order. */
  open(channel: Channel): void {
    if (this.#state === 'closed') return;
    this.#state = 'open';
    this.#channel = channel;
    this.#startWaiting();
  }

  /** Nothing starts until {@link open}. What is under way goes on. */
  hold(): void {
    if (this.#state === 'open') this.#state = 'held';
  }

  /** Holds, and what is under way rejects with FAR_SIDE_GONE. */
  lose(cause: Error): void {
    this.hold();
    this.#channel = undefined;
    this.#cause = cause;
    for (const sending of this.#all) if (!this.#waiting.has(sending)) sending.settle(this.#gone());
  }

  /** Everything rejects with LINK_CLOSED, and so does all that comes later. */
  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#clock);
    for (const sending of this.#all) sending.settle(new Fault('LINK_CLOSED', { url: this.#url }));
  }

  /** It is done, one way or the other. */
  settled(sending: Sending): void {
    this.#all.delete(sending);
    if (this.#waiting.size === 0) return;
    this.#waiting.delete(sending);
    this.#startWaiting();
  }

  get #hasRoom(): boolean {
    return this.#state === 'open' && this.#all.size - this.#waiting.size <= this.#limits.maxInFlight;
  }

  #refusal(message: Message, signal: AbortSignal | undefined): Error | undefined {
    if (this.#state === 'closed') return new Fault('LINK_CLOSED', { url: this.#url });
    if (signal?.aborted) return signal.reason as Error;
    const { topic, contentType, properties, payload } = message;
    const { maxPayloadBytes, maxInFlight, maxWaiting } = this.#limits;
    const isPlain = topic === this.#lastTopic && contentType === undefined && properties === undefined;
    if (!isPlain || payload.byteLength > maxPayloadBytes) {
      const fault = messageFault(message, this.#limits);
      if (fault !== undefined) return fault;
      this.#lastTopic = topic;
    }
    const startsAtOnce = this.#state === 'open' && this.#all.size - this.#waiting.size < maxInFlight;
    if (startsAtOnce || this.#waiting.size < maxWaiting) return undefined;
    return new Fault('QUEUE_FULL', { queue: `the link to ${this.#url}`, limit: maxWaiting });
  }

  #startWaiting(): void {
    for (const sending of this.#waiting) {
      if (this.#state !== 'open' || this.#all.size - this.#waiting.size >= this.#limits.maxInFlight) return;
      this.#waiting.delete(sending);
      this.#start(sending);
    }
  }

  #start(sending: Sending): void {
    try {
      if (this.#channel === undefined) throw this.#gone();
      if (sending.reliable) sending.sentBy(this.#channel, this.#channel.send(sending.message, sending));
      else {
        this.#channel.sendUnreliable(sending.message);
        sending.settle();
      }
    } catch (error) {
      sending.settle(error as Error);
    }
  }

  #startClock(inMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#look(), inMs).unref();
  }

  /** Gives up what has waited too long; the first there is has waited longest. */
  #look(): void {
    this.#clock = undefined;
    const now = performance.now();
    for (const sending of this.#all) {
      const leftMs = sending.deadline - now;
      if (leftMs > 0) {
        this.#clock = this.#startClock(Math.ceil(leftMs));
        return;
      }
      sending.settle(this.#tooLate(sending));
    }
  }

  #tooLate(sending: Sending): Error {
    if (this.#state === 'held' && this.#waiting.has(sending)) return this.#gone();
    return new Fault('SEND_TIMED_OUT', { url: this.#url, afterMs: this.#limits.sendTimeoutMs });
  }

  #gone(): Error {
    const cause = this.#cause;
    return new Fault('FAR_SIDE_GONE', { url: this.#url }, cause === undefined ? {} : { cause });
  }
}

/** One message from `send()` to its settled promise. */
export class Sending {
  readonly message: Message;
  readonly reliable: boolean;
  readonly deadline: number;
  readonly #outbox: Outbox;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;
  #channel: Channel | undefined;
  #id = 0;
  #done = false;
  #release: (() => void) | undefined;

  constructor(
    outbox: Outbox,
    message: Message,
    reliable: boolean,
    deadline: number,
    resolve: () => void,
    reject: (error: Error) => void,
  ) {
    this.#outbox = outbox;
    this.message = message;
    this.reliable = reliable;
    this.deadline = deadline;
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
    this.#outbox.settled(this);
  }
}
