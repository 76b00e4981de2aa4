import type { FilledLimits } from '../../endpoint/limits.ts';
import type { Message } from '../../endpoint/message.ts';
import { messageFault } from '../../endpoint/message-fault.ts';
import { Fault } from '../../fault.ts';
import type { Channel } from './channel.ts';
import { SendingLine } from './sending-line.ts';
import { Sending } from './sending.ts';
import type { PeerSendOptions } from './side.ts';

/**
 * What is on its way to one peer: at most `maxInFlight` unacknowledged, at most `maxWaiting` before them in order, each no
 * longer than `sendTimeoutMs`. One clock for all, and no promise beside the caller's: this is done for every message.
 */
export class Outbox {
  readonly #url: string;
  readonly #limits: FilledLimits;
  readonly #underWay = new SendingLine();
  readonly #waiting = new SendingLine();
  readonly #onSettled = (sending: Sending): void => this.#settled(sending);
  #state: 'held' | 'open' | 'closed' = 'held';
  #channel: Channel | undefined;
  #cause: Error | undefined;
  #clock: NodeJS.Timeout | undefined;
  #lastTopic: string | undefined;
  #isStarting = false;

  constructor(url: string, limits: FilledLimits) {
    this.#url = url;
    this.#limits = limits;
  }

  send(message: Message, { signal, reliable = true }: PeerSendOptions = {}): Promise<void> {
    const refusal = this.#refusal(message, signal);
    if (refusal !== undefined) return Promise.reject(refusal);
    const deadline = performance.now() + this.#limits.sendTimeoutMs;
    return new Promise((resolve, reject) => {
      const sending = new Sending(message, reliable, deadline, this.#onSettled, resolve, reject);
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
    for (let { first } = this.#underWay; first !== undefined; { first } = this.#underWay) first.settle(this.#gone());
  }

  /** Everything rejects with LINK_CLOSED, and so does all that comes later. */
  close(): void {
    this.#state = 'closed';
    clearTimeout(this.#clock);
    for (const line of [this.#underWay, this.#waiting]) {
      for (let { first } = line; first !== undefined; { first } = line) {
        first.settle(new Fault('LINK_CLOSED', { url: this.#url }));
      }
    }
  }

  get #hasRoom(): boolean {
    // What waits must not start, and fail, where the far side has gone and that is only about to be told.
    const isOpen = this.#state === 'open' && this.#channel?.isOpen === true;
    return isOpen && this.#underWay.size < this.#limits.maxInFlight;
  }

  #settled(sending: Sending): void {
    sending.line?.remove(sending);
    if (this.#waiting.size > 0) this.#startWaiting();
  }

  #refusal(message: Message, signal: AbortSignal | undefined): Error | undefined {
    if (this.#state === 'closed') return new Fault('LINK_CLOSED', { url: this.#url });
    if (signal?.aborted) return signal.reason as Error;
    const { topic, contentType, properties, payload } = message;
    const { maxPayloadBytes, maxWaiting } = this.#limits;
    const isPlain = topic === this.#lastTopic && contentType === undefined && properties === undefined;
    if (!isPlain || payload.byteLength > maxPayloadBytes) {
      const fault = messageFault(message, this.#limits);
      if (fault !== undefined) return fault;
      this.#lastTopic = topic;
    }
    if (this.#hasRoom || this.#waiting.size < maxWaiting) return undefined;
    return new Fault('QUEUE_FULL', { queue: `the link to ${this.#url}`, limit: maxWaiting });
  }

  /** Starts those there is room for. What is done as soon as it starts makes room again: that is seen here, not one call deeper. */
  #startWaiting(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    for (let { first } = this.#waiting; first !== undefined && this.#hasRoom; { first } = this.#waiting) {
      this.#waiting.remove(first);
      this.#start(first);
    }
    this.#isStarting = false;
  }

  #start(sending: Sending): void {
    this.#underWay.add(sending);
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

  /** Gives up what has waited too long. */
  #look(): void {
    this.#clock = undefined;
    const now = performance.now();
    let next = Infinity;
    for (const line of [this.#underWay, this.#waiting]) {
      // The first in a line has waited longest.
      for (let { first } = line; first !== undefined; { first } = line) {
        if (first.deadline > now) {
          next = Math.min(next, first.deadline);
          break;
        }
        first.settle(this.#tooLate(first));
      }
    }
    if (next !== Infinity) this.#clock = this.#startClock(Math.ceil(next - now));
  }

  #tooLate(sending: Sending): Error {
    if (this.#state === 'held' && sending.line === this.#waiting) return this.#gone();
    return new Fault('SEND_TIMED_OUT', { url: this.#url, afterMs: this.#limits.sendTimeoutMs });
  }

  #gone(): Error {
    const cause = this.#cause;
    return new Fault('FAR_SIDE_GONE', { url: this.#url }, cause === undefined ? {} : { cause });
  }
}
