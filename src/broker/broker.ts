import type { Duplex } from 'node:stream';
import type { ReceivedMessage } from '../endpoint/message.ts';

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
  readonly clients: ReadonlyMap<string, BrokerClient>;
  readonly counts: { readonly published: number; readonly delivered: number; readonly refused: number };
  onClient(
    listener: (event: 'connected' | 'gone' | 'refused', client: BrokerClient, reason?: string) => void,
  ): () => void;
  /** Ends every connection and refuses new ones. */
  close(): Promise<void>;
}
