import type { Link, ReadOptions, SendOptions } from '../../endpoint/endpoint.ts';
import type { LinkState } from '../../endpoint/link-state.ts';
import type { Message, ReceivedMessage } from '../../endpoint/message.ts';
import { Readers } from '../../endpoint/reader-queue.ts';
import type { MqttClient, MqttSubscription, Outgoing } from './client/index.ts';
import type { PublishView } from '../../wire/mqtt/index.ts';
import { messageOf, propertiesOf } from './message.ts';
import type { MqttLinkSettings, Qos, Subscription } from './settings.ts';
import { mqttTraits } from './traits.ts';

/** What a link subscribes to and how it publishes. */
export type MqttLinkWish = Pick<MqttLinkSettings, 'qos' | 'retain' | 'subscribe'>;

/** The part of a client that a link needs: others may stand in for it. */
export type LinkClient = Pick<
  MqttClient,
  'url' | 'from' | 'state' | 'onState' | 'ready' | 'publish' | 'subscribe' | 'holdAcknowledgement'
>;

export interface MqttLinkOptions {
  /** Closes what belongs to the link alone; without it the link ends its own subscriptions only. */
  readonly close?: () => Promise<void>;
  /** A subscription was refused. */
  readonly onRefused?: (refusal: Error) => void;
}

/** A client as a link: what it subscribes to goes to readers, and a message is acknowledged when all of them have taken it. */
export class MqttLink implements Link {
  readonly traits = mqttTraits;
  readonly #client: LinkClient;
  readonly #qos: Qos;
  readonly #retain: boolean;
  readonly #readers = new Readers();
  readonly #subscriptions: readonly MqttSubscription[];
  readonly #options: MqttLinkOptions;
  #closed: Promise<void> | undefined;

  constructor(
    client: LinkClient,
    { qos = 1, retain = false, subscribe = [] }: MqttLinkWish,
    options: MqttLinkOptions = {},
  ) {
    this.#client = client;
    this.#qos = qos;
    this.#retain = retain;
    this.#options = options;
    this.#subscriptions = subscribe.map((subscription) => this.#subscribe(subscription));
  }

  get url(): string {
    return this.#client.url;
  }

  get state(): LinkState {
    return this.#client.state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#client.onState(listener);
  }

  ready(signal?: AbortSignal): Promise<void> {
    return this.#client.ready(signal);
  }

  receive(options?: ReadOptions): AsyncIterableIterator<ReceivedMessage> {
    return this.#readers.receive(options);
  }

  async send(message: Message, { signal }: SendOptions = {}): Promise<void> {
    signal?.throwIfAborted();
    const properties = propertiesOf(message);
    const options = { qos: this.#qos, retain: this.#retain, ...(properties === undefined ? {} : { properties }) };
    const outgoing = this.#client.publish(message.topic, message.payload, options);
    if (outgoing !== undefined) await settled(outgoing, signal);
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    // Readers that end let what they have not taken go: it must not be acknowledged then.
    const ended = this.#options.close?.() ?? this.#leave();
    this.#readers.close();
    await ended;
  }

  async #leave(): Promise<void> {
    await Promise.all(this.#subscriptions.map(async (subscription) => subscription.end()));
  }

  #subscribe({ filter, qos = 1, ...options }: Subscription): MqttSubscription {
    const take = (view: PublishView): void => {
      if (this.#readers.count === 0) return;
      const room = this.#readers.offer(messageOf(view, this.#client.from));
      if (room !== undefined) void room.then(this.#client.holdAcknowledgement());
    };
    return this.#client.subscribe(filter, { ...options, qos }, take, (refusal) => {
      if (refusal !== undefined) this.#options.onRefused?.(refusal);
    });
  }
}

/** Resolves when it is taken over; rejects as it failed, or with the signal's reason when nobody wants to wait any more. */
function settled(outgoing: Outgoing, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => outgoing.settle(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    outgoing.whenDone((error) => {
      signal?.removeEventListener('abort', onAbort);
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}
