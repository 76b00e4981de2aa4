import type { BrokerStore } from './broker-store.ts';
import { Delivery } from './delivery.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { Message } from './message.ts';
import { IntMap } from '../int-map.ts';
import type { QueueSpace } from './queue-space.ts';
import type { Subscription } from './subscription.ts';

const PACKET_IDENTIFIERS = 65_535;

/** The way to a connected client. */
export interface Outlet {
  /** Deliveries of QoS 1 and 2 that may be under way at once. */
  readonly receiveMaximum: number;
  /** False while its socket is full. */
  readonly writable: boolean;
  /** What publishers should wait for, while its socket is full. */
  readonly pressure: Promise<void> | undefined;
  /** QoS 0; false when it was dropped. */
  message(message: Message, retain: boolean, ids: readonly number[] | undefined): boolean;
  /** False when it is larger than the client takes. */
  delivery(delivery: Delivery, again: boolean): boolean;
  /** PUBREL. */
  release(packetId: number): void;
}

const none: ReadonlyMap<string, Subscription> = new Map();

/** What the broker knows of a client for as long as its session lasts (MQTT 5, 4.1). */
export class Session {
  readonly clientId: string;
  readonly identity: string | undefined;
  /** Names its messages' sender. A client id is a claim, so it never looks like an identity. */
  readonly sender: string;
  /** How long it outlives its connection, in seconds. */
  expirySeconds = 0;
  /** When it ends, in ms since 1970, while nobody is connected. */
  endsAt = 0;
  outlet: Outlet | undefined;
  dropped = 0;
  readonly #store: BrokerStore;
  readonly #space: QueueSpace<Session>;
  #subscriptions: Map<string, Subscription> | undefined;
  #inFlight: IntMap<Delivery> | undefined;
  #queue: DeliveryQueue | undefined;
  #received: IntMap<true> | undefined;
  #again: Delivery[] = [];
  #underWay = 0;
  #inFlightBytes = 0;
  #lastId = 0;
  #full = false;

  constructor(clientId: string, identity: string | undefined, store: BrokerStore, space: QueueSpace<Session>) {
    this.clientId = clientId;
    this.identity = identity;
    this.sender = identity ?? `client:${clientId}`;
    this.#store = store;
    this.#space = space;
  }

  get subscriptions(): ReadonlyMap<string, Subscription> {
    return this.#subscriptions ?? none;
  }
  get queued(): number {
    return this.#queue?.count ?? 0;
  }
  get queuedBytes(): number {
    return this.#queue?.bytes ?? 0;
  }
  get inFlight(): number {
    return this.#inFlight?.size ?? 0;
  }
  /** Nothing keeps it from taking a delivery at once. */
  get ready(): boolean {
    return this.outlet !== undefined && this.queued === 0 && this.outlet.writable;
  }

  keepSubscription(subscription: Subscription): void {
    (this.#subscriptions ??= new Map()).set(subscription.name, subscription);
    this.#store.subscription(this, subscription);
  }
  forgetSubscription(subscription: Subscription): void {
    this.#subscriptions?.delete(subscription.name);
    this.#store.dropSubscription(this, subscription);
  }

  /** Takes a message of QoS 1 or 2, now or when the client is back; false when its queue is full. */
  deliver(message: Message, qos: 1 | 2, retain: boolean, ids: readonly number[] | undefined): boolean {
    const delivery = new Delivery(message.keep(), qos, retain, ids);
    if (this.ready && this.#hasRoom()) {
      this.#send(delivery);
      return true;
    }
    const limit = this.outlet === undefined ? this.#space.limits.maxQueuedMessages : PACKET_IDENTIFIERS;
    if (this.queued >= limit || !this.#space.takes(this.queuedBytes, message.heldBytes)) {
      this.dropped += 1;
      if (!this.#full) this.#space.onFull(this);
      this.#full = true;
      return false;
    }
    this.#enqueue(delivery);
    this.#store.delivery(this, delivery);
    return true;
  }

  /** The client is here: what it had under way comes again, then what waits. */
  attach(outlet: Outlet): void {
    this.outlet = outlet;
    this.endsAt = 0;
    this.#underWay = 0;
    this.#again = this.#inFlight?.values() ?? [];
    for (const delivery of this.#again) delivery.underWay = false;
    this.#again.reverse();
  }
  detach(): void {
    this.outlet = undefined;
    this.#again = [];
  }

  /** Sends as much of what waits as the client takes. */
  pump(): void {
    const { outlet } = this;
    if (outlet === undefined) return;
    while (this.#again.length > 0 && outlet.writable && this.#underWay < outlet.receiveMaximum) {
      const delivery = this.#again.pop()!;
      if (delivery.state === 'done') continue;
      this.#start(delivery);
      if (delivery.state === 'released') outlet.release(delivery.packetId);
      else if (!outlet.delivery(delivery, true)) this.#finish(delivery);
    }
    const queue = this.#queue;
    if (queue === undefined || this.#again.length > 0) return;
    while (queue.count > 0 && outlet.writable && this.#hasRoom()) {
      const delivery = queue.shift()!;
      this.#space.bytes -= delivery.message.heldBytes;
      if (delivery.message.expired) this.#finish(delivery);
      else this.#send(delivery);
    }
    if (queue.count > 0) return;
    this.#queue = undefined;
    this.#full = false;
  }

  /** False when the message under way with this packet identifier is not of QoS 1. */
  puback(packetId: number): boolean {
    const delivery = this.#inFlight?.get(packetId);
    if (delivery === undefined) return true;
    if (delivery.qos !== 1) return false;
    this.#finish(delivery);
    this.#next();
    return true;
  }

  /** False when no such message is under way; undefined when it is not of QoS 2. */
  pubrec(packetId: number, failed: boolean): boolean | undefined {
    const delivery = this.#inFlight?.get(packetId);
    if (delivery === undefined) return false;
    if (delivery.qos !== 2) return undefined;
    if (failed) {
      this.#finish(delivery);
      this.#next();
    } else if (delivery.state === 'sent') {
      delivery.state = 'released';
      this.#store.delivery(this, delivery);
    }
    return true;
  }

  /** False when the message under way with this packet identifier had no PUBREC. */
  pubcomp(packetId: number): boolean {
    const delivery = this.#inFlight?.get(packetId);
    if (delivery === undefined) return true;
    if (delivery.state !== 'released') return false;
    this.#finish(delivery);
    this.#next();
    return true;
  }

  /** False when this QoS 2 message was received before and not released yet. */
  receive(packetId: number): boolean {
    const received = (this.#received ??= new IntMap());
    if (received.has(packetId)) return false;
    received.set(packetId, true);
    this.#store.received(this, packetId, true);
    return true;
  }
  /** False when no such message was received. */
  release(packetId: number): boolean {
    if (this.#received?.delete(packetId) !== true) return false;
    this.#store.received(this, packetId, false);
    return true;
  }

  /** Puts back what the durable store has. */
  restore(delivery: Delivery): void {
    if (delivery.state === 'queued') this.#enqueue(delivery);
    else this.#keepInFlight(delivery);
    this.#lastId = Math.max(this.#lastId, delivery.packetId);
  }
  restoreReceived(packetId: number): void {
    (this.#received ??= new IntMap()).set(packetId, true);
  }
  restoreSubscription(subscription: Subscription): void {
    (this.#subscriptions ??= new Map()).set(subscription.name, subscription);
  }

  /** Everything undelivered, for who throws the session away. */
  *deliveries(): Generator<Delivery> {
    yield* this.#inFlight?.values() ?? [];
    yield* this.#queue?.values() ?? [];
  }

  /** The session is over: what it held is free. */
  forget(): void {
    this.#space.bytes -= this.queuedBytes + this.#inFlightBytes;
    this.#queue = undefined;
    this.#inFlight = undefined;
    this.#inFlightBytes = 0;
  }

  #hasRoom(): boolean {
    return (
      this.#underWay < this.outlet!.receiveMaximum &&
      this.inFlight < PACKET_IDENTIFIERS &&
      this.#space.sends(this.#inFlightBytes)
    );
  }

  #enqueue(delivery: Delivery): void {
    (this.#queue ??= new DeliveryQueue()).push(delivery);
    this.#space.bytes += delivery.message.heldBytes;
  }

  #keepInFlight(delivery: Delivery): void {
    const { heldBytes: bytes } = delivery.message;
    (this.#inFlight ??= new IntMap()).set(delivery.packetId, delivery);
    this.#inFlightBytes += bytes;
    this.#space.bytes += bytes;
  }

  #send(delivery: Delivery): void {
    do this.#lastId = this.#lastId === PACKET_IDENTIFIERS ? 1 : this.#lastId + 1;
    while (this.#inFlight?.has(this.#lastId) === true);
    delivery.packetId = this.#lastId;
    delivery.state = 'sent';
    this.#keepInFlight(delivery);
    this.#start(delivery);
    this.#store.delivery(this, delivery);
    const outlet = this.outlet!;
    if (delivery.qos === 1 || !this.#store.unsaved) this.#put(delivery, outlet);
    // Exactly once needs the packet identifier on disk before the client sees it.
    else this.#store.whenSafe(() => this.outlet === outlet && delivery.state === 'sent' && this.#put(delivery, outlet));
  }

  /** What is larger than the client takes counts as done (MQTT 5, 3.1.2-25). */
  #put(delivery: Delivery, outlet: Outlet): void {
    if (!outlet.delivery(delivery, false)) this.#finish(delivery);
  }

  #start(delivery: Delivery): void {
    delivery.underWay = true;
    this.#underWay += 1;
  }

  #finish(delivery: Delivery): void {
    if (delivery.underWay) this.#underWay -= 1;
    delivery.underWay = false;
    delivery.state = 'done';
    if (delivery.packetId !== 0 && this.#inFlight?.delete(delivery.packetId) === true) {
      const { heldBytes: bytes } = delivery.message;
      this.#inFlightBytes -= bytes;
      this.#space.bytes -= bytes;
    }
    this.#store.delivery(this, delivery);
  }

  #next(): void {
    if (this.#queue !== undefined || this.#again.length > 0) this.pump();
  }
}
