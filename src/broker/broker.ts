import type { Duplex } from 'node:stream';
import type { ReceivedMessage } from '../endpoint/message.ts';
import type { Properties } from '../wire/mqtt/index.ts';
import type { Elsewhere } from './redirect.ts';

export type Action = 'publish' | 'subscribe';

/** May this identity do this with that topic or topic filter? `undefined` identity is an anonymous loopback client. */
export type Authorize = (identity: string | undefined, action: Action, topic: string) => boolean;

export interface BrokerClient {
  readonly clientId: string;
  readonly identity: string | undefined;
  readonly connectedAt: number;
}

export interface BrokerMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
  readonly contentType?: string;
  readonly properties?: Readonly<Record<string, string>>;
}

/** A message as it passes through the process. The payload may be a part of a larger buffer: copy what stays for long. */
export interface LiveMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  /** As published; true as well for a retained message from before. */
  readonly retain: boolean;
  /** Read anew at each access. */
  readonly properties: Properties;
  /** Identity of the sender, `client:<id>` of one without, or `broker`. */
  readonly from: string;
}

/** What the process publishes without waiting. `properties` by MQTT 5's own names. */
export interface LivePublish {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
  readonly properties?: Properties;
}

export interface AttachOptions {
  /** Gives what is retained at once, before the call returns. Default true. */
  readonly retained?: boolean;
}

export interface KickOptions {
  /** Ends its session, too. Default false. */
  readonly forget?: boolean;
  /** Where it should go instead: told to MQTT 5 clients. */
  readonly to?: Elsewhere;
}

export type ClientEvent = 'connected' | 'gone' | 'refused' | 'subscribed' | 'unsubscribed' | 'slow';

/** A session as people see it. */
export interface SessionReport {
  readonly clientId: string;
  readonly identity: string | undefined;
  readonly connected: boolean;
  /** Since when, in ms since 1970: the connection, or its end. */
  readonly since: number;
  readonly protocol: 'MQTT 3.1' | 'MQTT 3.1.1' | 'MQTT 5' | undefined;
  /** Its first hundred topic filters, of so many. */
  readonly filters: readonly string[];
  readonly subscriptions: number;
  readonly queued: number;
  readonly queuedBytes: number;
  readonly inFlight: number;
  /** Messages it did not get because its socket or queue was full. */
  readonly dropped: number;
  readonly expirySeconds: number;
}

export interface BrokerCounts {
  readonly published: number;
  readonly delivered: number;
  readonly refused: number;
  readonly dropped: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly subscriptions: number;
  readonly sessions: number;
  readonly retained: number;
  readonly retainedBytes: number;
}

/** The small interface an embedded broker keeps, so that another can stand behind it. */
export interface Broker extends AsyncDisposable {
  /** Serves one accepted connection. `identity` is the verified certificate subject. */
  handle(socket: Duplex, identity?: string): void;
  /** Publishes as the broker itself. Resolves when it has been handed to the subscribers' queues. */
  publish(message: BrokerMessage): Promise<void>;
  /**
   * An in-process subscriber. The broker waits for the returned promise before it takes more from the publisher
   * (back-pressure). Resolves when the subscription holds; returns what ends it.
   */
  subscribe(filter: string, take: (message: ReceivedMessage) => Promise<void> | void): Promise<() => Promise<void>>;
  /**
   * The same without waiting, for the message path: `take` is called inside the publisher's turn. Throws
   * SETTINGS_INVALID and LINK_CLOSED. Returns what ends it.
   */
  attach(filter: string, take: (message: LiveMessage) => Promise<void> | void, options?: AttachOptions): () => void;
  /**
   * Publishes as the broker itself, inside this turn; says how many subscribers there are. The bytes must not change
   * afterwards. Throws MESSAGE_INVALID and LINK_CLOSED.
   */
  publishNow(message: LivePublish): number;
  readonly clients: ReadonlyMap<string, BrokerClient>;
  readonly counts: BrokerCounts;
  /** Sessions, connected or kept, in the order they came. */
  sessions(): Iterable<SessionReport>;
  /** Retained messages of a topic filter. */
  retained(filter: string): Iterable<LiveMessage>;
  /** Ends the connection of a client; false when nobody has this client id. */
  kick(clientId: string, options?: KickOptions): boolean;
  onClient(listener: (event: ClientEvent, client: BrokerClient, reason?: string) => void): () => void;
  /** Ends every connection and refuses new ones. */
  close(): Promise<void>;
}
