import type { Duplex } from 'node:stream';
import { FlushQueue, PacketWriter } from '../wire/mqtt/index.ts';
import type { Counters } from './counters.ts';
import type { Delivery } from './delivery.ts';
import type { Message } from './message.ts';
import { Patience } from './patience.ts';
import type { Outlet } from './session.ts';
import { SocketTarget } from './socket-target.ts';
import { TopicAliases } from './topic-aliases.ts';

/** All writers flush together, after every socket that is readable in this turn. */
const endOfRound = new FlushQueue('immediate');
/** Bytes in a socket above which QoS 1, QoS 2 and retained messages wait in the broker, and publishers for a moment. */
const BUSY_BYTES = 256 * 1024;

export interface OutletOptions {
  readonly counters: Counters;
  readonly maxSocketBytes: number;
  /** Something did not fit into the socket; told once until it is empty again. */
  readonly onSlow: () => void;
}

/** What goes to one client: encoded, bounded by bytes, and flushed once a turn. */
export class ClientOutlet implements Outlet {
  receiveMaximum = 65_535;
  readonly writer: PacketWriter;
  readonly #socket: Duplex;
  readonly #options: OutletOptions;
  readonly #patience = new Patience();
  #aliases: TopicAliases | undefined;
  #five = false;
  #slow = false;
  #flood: PromiseWithResolvers<void> | undefined;

  constructor(socket: Duplex, options: OutletOptions) {
    this.#socket = socket;
    this.#options = options;
    this.writer = new PacketWriter(new SocketTarget(socket, options.counters), { level: 4, queue: endOfRound });
  }

  get pendingBytes(): number {
    return this.writer.pendingBytes + this.#socket.writableLength;
  }
  get writable(): boolean {
    return this.pendingBytes < BUSY_BYTES;
  }
  get pressure(): Promise<void> | undefined {
    return this.pendingBytes < BUSY_BYTES ? undefined : this.#patience.wait();
  }

  /** True when answers fill the socket, beside the messages it may hold: the client asks and does not read. */
  get flooded(): boolean {
    return this.pendingBytes > 2 * this.#options.maxSocketBytes;
  }

  /** Resolves when the client has read on, or is gone. */
  readOn(): Promise<void> {
    this.#flood ??= Promise.withResolvers<void>();
    return this.#flood.promise;
  }

  /** Looks whether it has read on. */
  check(): void {
    if (this.#flood === undefined || this.pendingBytes > this.#options.maxSocketBytes) return;
    this.#flood.resolve();
    this.#flood = undefined;
  }

  /** How CONNECT wants to be answered. */
  speak(level: 3 | 4 | 5, maxPacketBytes: number | undefined): void {
    this.#five = level === 5;
    this.writer.level = level;
    if (maxPacketBytes !== undefined) this.writer.maxPacketBytes = maxPacketBytes;
  }

  /** What may be under way to a client that is in. */
  open(receiveMaximum: number, topicAliases: number): void {
    this.receiveMaximum = receiveMaximum;
    if (topicAliases > 0) this.#aliases = new TopicAliases(topicAliases);
  }

  message(message: Message, retain: boolean, ids: readonly number[] | undefined): boolean {
    if (this.pendingBytes > this.#options.maxSocketBytes) {
      this.#options.counters.dropped += 1;
      if (!this.#slow) this.#options.onSlow();
      this.#slow = true;
      return false;
    }
    this.#write(message, 0, retain, ids, 0, false);
    return true;
  }

  delivery({ message, qos, retain, ids, packetId }: Delivery, again: boolean): boolean {
    return this.#write(message, qos, retain, ids, packetId, again);
  }

  release(packetId: number): void {
    this.writer.pubrel(packetId);
  }

  /** The socket is empty again. */
  drained(): void {
    this.#slow = false;
    this.#patience.end();
    this.check();
  }

  close(): void {
    this.#patience.end();
    this.#flood?.resolve();
    this.writer.discard();
  }

  #write(
    message: Message,
    qos: 0 | 1 | 2,
    retain: boolean,
    ids: readonly number[] | undefined,
    packetId: number,
    again: boolean,
  ): boolean {
    const five = this.#five;
    if (this.#aliases === undefined && message.shared)
      return this.writer.template(message.template(five, qos, retain, five ? ids : undefined), packetId, again);
    const { alias, known } = this.#aliases?.of(message.topic) ?? { alias: 0, known: false };
    const properties = five ? message.propertiesFor(ids, alias) : undefined;
    const written = this.writer.publish(
      known ? '' : message.topic,
      message.payload,
      qos,
      retain,
      packetId,
      properties,
      again,
    );
    if (!written && alias !== 0 && !known) this.#aliases?.forget(message.topic);
    return written;
  }
}
