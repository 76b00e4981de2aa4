import type { LinkState } from './link-state.ts';
import type { Message, ReceivedMessage } from './message.ts';
import type { Traits } from './traits.ts';

export interface ReadOptions {
  /** Ends the reading. */
  readonly signal?: AbortSignal;
  /** Unread messages of this reader after which the far side is made to wait. Default 64. */
  readonly highWaterMark?: number;
}

export interface SendOptions {
  /** Stops waiting; the message may have left already. The promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A place messages can be read from. Each `receive()` is a reader of its own and gets every message from then on. */
export interface Source {
  receive(options?: ReadOptions): AsyncIterableIterator<ReceivedMessage>;
}

/**
 * One open connection to a far side. It connects in the background, reconnects with backoff for as long as it is not
 * closed, and never throws outside its promises.
 */
export interface Link extends Source, AsyncDisposable {
  /** The far side's address, for people: `mqtts://127.0.0.1:8443`. Holds no secret. */
  readonly url: string;
  readonly state: LinkState;
  readonly traits: Traits;
  /** Calls the listener at every change of state and returns what stops that. */
  onState(listener: (state: LinkState) => void): () => void;
  /** Resolves when the link is up; rejects when it is closed or the signal fires. */
  ready(signal?: AbortSignal): Promise<void>;
  /**
   * Resolves when the far side has taken the message over (PUBACK, 2xx, acknowledgement frame): its duration is the
   * round-trip time. Waits while the window or the socket is full, and for a link that is down up to `sendTimeoutMs`.
   * Rejects with MESSAGE_INVALID, PAYLOAD_TOO_LARGE, SEND_TIMED_OUT, FAR_SIDE_GONE, FAR_SIDE_REFUSED, QUEUE_FULL or LINK_CLOSED.
   */
  send(message: Message, options?: SendOptions): Promise<void>;
  /** Stops at once: what was not taken over rejects with LINK_CLOSED. Idempotent. */
  close(): Promise<void>;
}

/** The serving side: takes links in and gives what they send to its readers. */
export interface Listener extends Source, AsyncDisposable {
  readonly url: string;
  /** How many far sides are connected now. */
  readonly connections: number;
  /** Sends to every connected far side (MQTT: to the topic's subscribers). Same promise and faults as {@link Link.send}. */
  send(message: Message, options?: SendOptions): Promise<void>;
  close(): Promise<void>;
}

/** Limits every endpoint knows, each with a safe default. */
export interface LinkLimits {
  /** Largest payload taken or sent, in bytes. Default 262,144. */
  readonly maxPayloadBytes?: number;
  /** Messages sent and not yet taken over; more wait. Default 64. */
  readonly maxInFlight?: number;
  /** Sends that may wait for room or for the link to come up; more reject with QUEUE_FULL. Default 1,000. */
  readonly maxWaiting?: number;
  /** Longest time one send waits, in ms. Default 10,000. */
  readonly sendTimeoutMs?: number;
  /** First and longest pause before a new try, in ms. Default 250 and 30,000, with jitter. */
  readonly reconnectFirstMs?: number;
  readonly reconnectLongestMs?: number;
  /** Longest silence before the far side is taken for gone, in ms. Default 15,000. */
  readonly keepAliveMs?: number;
}

/** Who we are and whom we trust. PEM texts. Verification cannot be switched off here. */
export interface TlsIdentity {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
  /** Name to verify instead of the URL's host. */
  readonly servername?: string;
}

/** A protocol we can speak. */
export interface Endpoint<LinkSettings, ListenSettings> {
  readonly traits: Traits;
  /** Returns at once with a link in state `connecting`. */
  connect(settings: LinkSettings): Link;
  listen(settings: ListenSettings): Promise<Listener>;
}
