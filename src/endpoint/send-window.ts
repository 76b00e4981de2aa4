import { Fault } from '../fault.ts';
import { IntMap } from '../int-map.ts';
import type { SendOptions } from './endpoint.ts';
import type { FilledLimits } from './limits.ts';
import type { Message } from './message.ts';
import { messageFault } from './message-fault.ts';

/** Numbers begin anew long after the first have been settled. */
const MOST_NUMBERS = 2 ** 31;

/** Puts one message on the wire and resolves when the far side has taken it over. The signal says to give it up. */
export type Transmit = (signal: AbortSignal) => Promise<void>;

/**
 * What every link does around sending: at most `maxInFlight` messages under way, at most `maxWaiting` waiting in order
 * for room or for the link to come up, each no longer than `sendTimeoutMs`.
 */
export class SendWindow {
  readonly #url: string;
  readonly #limits: FilledLimits;
  readonly #inFlight = new IntMap<Sending>();
  readonly #waiting = new IntMap<Sending>();
  #lastNumber = 0;
  #state: 'held' | 'open' | 'closed' = 'held';
  #cause: Error | undefined;

  constructor(url: string, limits: FilledLimits) {
    this.#url = url;
    this.#limits = limits;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Runs `transmit` as soon as there is room and the link is up. Same promise and faults as `Link.send`, checks included. */
  send(message: Message, transmit: Transmit, options: SendOptions = {}): Promise<void> {
    const refusal = this.#refusal(message, options.signal);
    if (refusal !== undefined) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#lastNumber = (this.#lastNumber + 1) % MOST_NUMBERS;
      const sending = new Sending(this.#lastNumber, transmit, (error) => {
        this.#inFlight.delete(sending.number);
        this.#waiting.delete(sending.number);
        if (error === undefined) resolve();
        else reject(error);
        this.#startWaiting();
      });
      sending.limit(this.#limits.sendTimeoutMs, () => this.#tooLate(sending), options.signal);
      this.#waiting.set(sending.number, sending);
      this.#startWaiting();
    });
  }

  /** The link is up: what waits starts, in order. */
  open(): void {
    if (this.#state === 'closed') return;
    this.#state = 'open';
    this.#startWaiting();
  }

  /** The link is down: nothing starts until {@link open}. What is in flight goes on; see {@link loseInFlight}. */
  hold(cause?: Error): void {
    if (this.#state === 'closed') return;
    this.#state = 'held';
    this.#cause = cause;
  }

  /** Holds, and everything in flight rejects with FAR_SIDE_GONE: for acknowledgements that die with the connection. */
  loseInFlight(cause?: Error): void {
    this.hold(cause);
    for (const sending of this.#inFlight.values()) sending.settle(this.#gone(cause));
  }

  /** Everything in flight and waiting rejects with LINK_CLOSED, and so does all that comes later. */
  close(): void {
    this.#state = 'closed';
    for (const sending of [...this.#inFlight.values(), ...this.#waiting.values()]) {
      sending.settle(new Fault('LINK_CLOSED', { url: this.#url }));
    }
  }

  #refusal(message: Message, signal: AbortSignal | undefined): Error | undefined {
    if (this.#state === 'closed') return new Fault('LINK_CLOSED', { url: this.#url });
    if (signal?.aborted) return signal.reason as Error;
    const fault = messageFault(message, this.#limits);
    if (fault !== undefined) return fault;
    const { maxInFlight, maxWaiting } = this.#limits;
    const startsAtOnce = this.#state === 'open' && this.#inFlight.size < maxInFlight;
    if (!startsAtOnce && this.#waiting.size >= maxWaiting) {
      return new Fault('QUEUE_FULL', { queue: `the link to ${this.#url}`, limit: maxWaiting });
    }
    return undefined;
  }

  #startWaiting(): void {
    for (let sending = this.#waiting.first; sending !== undefined; sending = this.#waiting.first) {
      if (this.#state !== 'open' || this.#inFlight.size >= this.#limits.maxInFlight) return;
      this.#waiting.delete(sending.number);
      this.#inFlight.set(sending.number, sending);
      void sending.start();
    }
  }

  #tooLate(sending: Sending): Error {
    if (this.#state === 'held' && this.#waiting.has(sending.number)) return this.#gone(this.#cause);
    return new Fault('SEND_TIMED_OUT', { url: this.#url, afterMs: this.#limits.sendTimeoutMs });
  }

  #gone(cause: Error | undefined): Error {
    return new Fault('FAR_SIDE_GONE', { url: this.#url }, cause === undefined ? {} : { cause });
  }
}

/** One message from `send()` to its settled promise. */
class Sending {
  readonly number: number;
  readonly #transmit: Transmit;
  readonly #onSettled: (error?: unknown) => void;
  readonly #giveUp = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  #settled = false;
  readonly #onAbort = (): void => this.settle(this.#signal?.reason);

  constructor(number: number, transmit: Transmit, onSettled: (error?: unknown) => void) {
    this.number = number;
    this.#transmit = transmit;
    this.#onSettled = onSettled;
  }

  limit(timeoutMs: number, tooLate: () => Error, signal: AbortSignal | undefined): void {
    this.#timer = setTimeout(() => this.settle(tooLate()), timeoutMs);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  async start(): Promise<void> {
    if (this.#signal?.aborted) {
      this.settle(this.#signal.reason);
      return;
    }
    try {
      await this.#transmit(this.#giveUp.signal);
      this.settle();
    } catch (error) {
      this.settle(error);
    }
  }

  settle(error?: unknown): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onSettled(error);
    if (error !== undefined) this.#giveUp.abort(error);
  }
}
