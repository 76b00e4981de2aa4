import { randomBytes } from 'node:crypto';
import { topicFilterProblem } from '../../../broker/topic.ts';
import { fillLimits, type FilledLimits } from '../../../endpoint/limits.ts';
import { LinkLife } from '../../../endpoint/link-life.ts';
import type { LinkState } from '../../../endpoint/link-state.ts';
import { Fault } from '../../../fault.ts';
import {
  noProperties,
  reasonCode,
  type Connack,
  type Properties,
  type PublishView,
  type Qos,
} from '../../../wire/mqtt/index.ts';
import { announce, sayFarewell } from './announce.ts';
import { Arrivals, type Way } from './arrivals.ts';
import { receiveMaximum } from './connect-packet.ts';
import { Connection } from './connection.ts';
import { Destination } from './destination.ts';
import { Outbox, type PublishOptions } from './outbox.ts';
import type { OnDone, Outgoing } from './outgoing.ts';
import { PacketIds } from './packet-ids.ts';
import { linkRefused } from './refusal.ts';
import { Requests, type Asked } from './requests.ts';
import { isKept, type MqttClientSettings } from './settings.ts';
import { Subscriptions, type OnHeld, type OnMessage, type SubscribeOptions, type Subscriber } from './subscriptions.ts';

/**
 * Messages of QoS 2 under way before MQTT 5, which has no word for how many a broker takes: mosquitto 2.0 takes 20, and loses
 * what it has acknowledged beyond.
 */
const EXACT_BEFORE_5 = 20;

/** A place in the client's subscriptions. */
export interface MqttSubscription {
  /** Ends it. Resolves when the broker has answered, or when it cannot. `keep`: the broker goes on with it for this session. */
  end(keep?: boolean): Promise<void>;
}

/**
 * A client of an MQTT 3.1, 3.1.1 or 5 broker: dials until it is closed, keeps what the session keeps, and gives each
 * subscription its own messages. Publishing and receiving are synchronous calls: no promise for each message.
 */
export class MqttClient implements AsyncDisposable {
  readonly clientId: string;
  readonly limits: FilledLimits;
  readonly #settings: MqttClientSettings;
  readonly #life: LinkLife;
  readonly #ids = new PacketIds();
  readonly #outbox: Outbox;
  readonly #arrivals: Arrivals;
  readonly #subscriptions = new Subscriptions();
  readonly #requests = new Requests(this.#ids);
  readonly #destination: Destination;
  #connection: Connection | undefined;
  #properties: Properties = noProperties;
  #wasUp = false;
  #assignedId: string | undefined;
  #ended: Promise<void> | undefined;

  /** Throws TypeError for a URL that is none. Nothing is dialled before {@link start}. */
  constructor(settings: MqttClientSettings) {
    this.#settings = settings;
    this.#destination = new Destination(settings.url, settings.followRedirects === true);
    this.limits = fillLimits(settings);
    this.clientId = settings.clientId ?? `chartwire-${randomBytes(6).toString('hex')}`;
    const { url } = this.#destination.address;
    this.#outbox = new Outbox(url, this.limits, this.#ids);
    this.#arrivals = new Arrivals(this.limits.maxInFlight * this.limits.maxPayloadBytes);
    this.#life = new LinkLife(url, this.limits, () => this.#dial());
  }

  /** The broker's address, for people. */
  get url(): string {
    return this.#destination.address.url;
  }

  get level(): 3 | 4 | 5 {
    return this.#settings.level ?? 5;
  }

  get state(): LinkState {
    return this.#life.state;
  }

  /** What the broker said in its CONNACK: the assigned client id, what it can do and how much it takes. */
  get properties(): Properties {
    return this.#properties;
  }

  /** Name in the broker's verified certificate, or its address. */
  get from(): string {
    return this.#connection?.identity ?? this.url;
  }

  get inFlight(): number {
    return this.#outbox.inFlight;
  }

  /** The topic filters subscribed to now. */
  get filters(): string[] {
    return Array.from(this.#subscriptions.entries, ({ filter }) => filter);
  }

  start(): this {
    this.#life.start();
    return this;
  }

  onState(listener: (state: LinkState) => void): () => void {
    return this.#life.onState(listener);
  }

  ready(signal?: AbortSignal): Promise<void> {
    return this.#life.ready(signal);
  }

  /**
   * Publishes. Undefined says it is done (QoS 0, written); else the message is under way and settles when the broker has
   * taken it over or `sendTimeoutMs` have passed. Throws MESSAGE_INVALID, PAYLOAD_TOO_LARGE, QUEUE_FULL, FAR_SIDE_REFUSED
   * or LINK_CLOSED. The payload must not change before it is done.
   */
  publish(topic: string, payload: Uint8Array, options?: PublishOptions, onDone?: OnDone): Outgoing | undefined {
    return this.#outbox.publish(topic, payload, options, onDone);
  }

  /** Subscribes for as long as the client lives, over every connect. Throws MESSAGE_INVALID for a filter that is none. */
  subscribe(filter: string, options: SubscribeOptions, onMessage: OnMessage, onHeld?: OnHeld): MqttSubscription {
    const problem = topicFilterProblem(filter);
    if (problem !== undefined) throw new Fault('MESSAGE_INVALID', { problem });
    const subscriber: Subscriber = { filter, options, onMessage, onHeld };
    const entry = this.#subscriptions.add(subscriber);
    if (this.#connection?.accepted === true) this.#requests.subscribe(this.#asked(), entry, [subscriber]);
    let ended: Promise<void> | undefined;
    return { end: (keep) => (ended ??= this.#unsubscribe(subscriber, keep ?? false)) };
  }

  /**
   * Called from within `onMessage`: the message is acknowledged only after the function it gives was called, however late
   * and in whatever order; acknowledgements leave in the order of arrival. Meanwhile everything else goes on.
   */
  holdAcknowledgement(): () => void {
    return this.#arrivals.hold();
  }

  reauthenticate(): void {
    this.#connection?.reauthenticate();
  }

  /** Stops at once: what was not taken over fails with LINK_CLOSED. Idempotent. */
  close(): Promise<void> {
    return (this.#ended ??= this.#end());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #end(): Promise<void> {
    const connection = this.#connection;
    const { farewell } = this.#settings;
    const isUp = this.#life.state.name === 'up';
    const unheard = farewell !== undefined && isUp && !(await sayFarewell(this.#outbox, this.level, farewell));
    this.#life.close();
    this.#outbox.close();
    // A goodbye would make the broker forget the will, which says what the farewell could not.
    if (unheard) connection?.fail(new Fault('LINK_CLOSED', { url: this.#settings.url }));
    else await connection?.end();
  }

  #dial(): void {
    const { cleanStart = !isKept(this.#settings) } = this.#settings;
    const options = {
      address: this.#destination.address,
      settings: this.#settings,
      limits: this.limits,
      clientId: this.#assignedId ?? this.clientId,
      // What the broker keeps is thrown away once, not after each outage; before MQTT 5 clean sessions are never kept.
      cleanStart: this.level === 5 ? cleanStart && !(this.#wasUp && isKept(this.#settings)) : !isKept(this.#settings),
    };
    const connection = new Connection(options, {
      connack: (connack) => this.#connected(connection, connack),
      answer: (packetId, codes, reasonString) => this.#requests.answered(packetId, codes, reasonString),
      publish: (view) => this.#take(view),
      puback: (id, code, properties) => this.#outbox.puback(id, code, properties),
      pubrec: (id, code, properties) => this.#outbox.pubrec(id, code, properties),
      pubrel: (id) => this.#arrivals.pubrel(id, this.level),
      pubcomp: (id) => this.#outbox.pubcomp(id),
      drain: () => this.#outbox.drain(),
      gone: (cause, reference) => this.#gone(cause, reference),
    });
    this.#connection = connection;
  }

  #take(view: PublishView): void {
    if (!this.#arrivals.begin(view)) return;
    this.#subscriptions.deliver(view);
    this.#arrivals.end();
  }

  #connected(connection: Connection, { sessionPresent, properties }: Connack): void {
    this.#properties = properties;
    this.#assignedId = properties.assignedClientIdentifier;
    const maximumQos = properties.maximumQos ?? 2;
    if (maximumQos < (this.#settings.needsQos ?? 0)) {
      connection.fail(linkRefused(this.url, `it offers QoS ${maximumQos} only`));
      return;
    }
    this.#subscriptions.useIds = this.level === 5 && properties.subscriptionIdentifiersAvailable !== false;
    const way: Way = {
      writer: connection.writer,
      pause: () => connection.pause(),
      resume: () => connection.resume(),
      receiveMaximum: this.level === 5 ? receiveMaximum(this.#settings, this.limits) : Infinity,
      exceeded: () =>
        connection.wrong('it sent more messages than our Receive Maximum', reasonCode.receiveMaximumExceeded),
    };
    this.#arrivals.open(way, sessionPresent);
    const strict = this.#settings.needsAllSubscriptions === true;
    let open = this.#subscriptions.size;
    const up = (): void => {
      connection.established();
      this.#up(connection, sessionPresent);
    };
    for (const entry of this.#subscriptions.entries) {
      this.#requests.subscribe(this.#asked(), entry, entry.subscribers, (refusal) => {
        open -= 1;
        if (!strict) return;
        if (refusal !== undefined) connection.fail(refusal);
        else if (open === 0) up();
      });
    }
    if (!strict || this.#subscriptions.size === 0) up();
  }

  #up({ writer, stream }: Connection, sessionPresent: boolean): void {
    const { retainAvailable = true, receiveMaximum = 65_535, topicAliasMaximum = 0 } = this.#properties;
    const maximumQos: Qos = this.#properties.maximumQos ?? 2;
    const { useTopicAliases = true, birth } = this.#settings;
    this.#destination.reached();
    this.#wasUp = true;
    const exactMaximum = this.level === 5 ? receiveMaximum : EXACT_BEFORE_5;
    const gate = { writer, stream, receiveMaximum, exactMaximum, topicAliasMaximum, maximumQos, retainAvailable };
    this.#outbox.open(gate, sessionPresent, useTopicAliases);
    if (birth !== undefined) announce(this.#outbox, this.level, birth);
    this.#life.up();
  }

  #gone(cause: Error, reference: string | undefined): void {
    this.#connection = undefined;
    const tellAsking = this.#requests.shut();
    this.#arrivals.shut();
    // The broker may keep it for less long than asked for, down to not at all.
    const kept = isKept(this.#settings) && this.#properties.sessionExpiryInterval !== 0;
    this.#outbox.shut(cause, kept);
    this.#destination.left(reference);
    tellAsking();
    this.#life.lost(cause);
  }

  #asked(): Asked {
    const { useIds } = this.#subscriptions;
    return { connection: this.#connection, url: this.url, properties: this.#properties, useIds };
  }

  #unsubscribe(subscriber: Subscriber, keep: boolean): Promise<void> {
    const entry = this.#subscriptions.remove(subscriber);
    const connection = this.#connection;
    if (entry === undefined || keep || connection?.accepted !== true || this.#life.closed) return Promise.resolve();
    return this.#requests.unsubscribe(connection, entry.filter);
  }
}
