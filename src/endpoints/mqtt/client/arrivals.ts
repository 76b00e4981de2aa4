import { Fifo } from '../../../fifo.ts';
import { IntMap } from '../../../int-map.ts';
import { reasonCode, type PacketWriter, type PublishView, type Qos } from '../../../wire/mqtt/index.ts';

/** Memory a message takes beside its payload, roughly. */
const BYTES_PER_MESSAGE = 512;

/** What acknowledgements of one connection go through. */
export interface Way {
  readonly writer: PacketWriter;
  /** Stops and goes on reading: a broker that sends more than we granted is made to wait. */
  pause(): void;
  resume(): void;
  /** Messages of QoS 1 and 2 the broker may have under way on this connection (MQTT 5, 3.1.2.11.3). */
  readonly receiveMaximum: number;
  /** It has sent more. */
  exceeded(): void;
}

/** A message that came in and is not acknowledged. */
class Arrival {
  readonly packetId: number;
  readonly qos: Qos;
  readonly bytes: number;
  /** Handlers that have not released it. */
  holders = 0;
  /** The connection it came over last; an acknowledgement goes nowhere else. */
  way: Way | undefined;
  /** QoS 2: PUBREC is sent, PUBREL has not come. */
  acknowledged = false;

  constructor(packetId: number, qos: Qos, bytes: number, way: Way) {
    this.packetId = packetId;
    this.qos = qos;
    this.bytes = bytes;
    this.way = way;
  }
}

/**
 * Acknowledges what came in when every handler has released it, in the order of arrival (MQTT 5, 4.6), while everything
 * else goes on. A message that comes again to the same session while it is held, or at QoS 2 before its PUBREL, is not
 * handed out again.
 */
export class Arrivals {
  readonly #maxHeldBytes: number;
  /** Not acknowledged, by packet id: QoS 1 while held, QoS 2 until PUBREL. */
  readonly #known = new IntMap<Arrival>();
  /** Not acknowledged on this connection, in the order of arrival. */
  readonly #order = new Fifo<Arrival>();
  #way: Way | undefined;
  #heldBytes = 0;
  #paused = false;
  #packetId = 0;
  #qos: Qos = 0;
  #bytes = 0;
  #current: Arrival | undefined;

  constructor(maxHeldBytes: number) {
    this.#maxHeldBytes = maxHeldBytes;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** A connection is up; without its session the broker will not ask for acknowledgements again. */
  open(way: Way, sessionPresent: boolean): void {
    this.#way = way;
    if (!sessionPresent) this.#known.clear();
  }

  shut(): void {
    for (const arrival of this.#known.values()) arrival.way = undefined;
    this.#way = undefined;
    this.#order.clear();
    this.#paused = false;
  }

  /** False when the message has been handed out before, or is one too many: then there is nothing more to do. */
  begin({ packetId, qos, payloadLength }: PublishView): boolean {
    if (qos > 0 && this.#known.size > 0 && (this.#isAgain(packetId, qos) || this.#isTooMany())) return false;
    this.#packetId = packetId;
    this.#qos = qos;
    this.#bytes = payloadLength + BYTES_PER_MESSAGE;
    this.#current = undefined;
    return true;
  }

  /** Called by a handler that has the message at hand: it is acknowledged only after the function given back was called. */
  hold(): () => void {
    // While it is handed out it is held by that: a handler may release it before the next has seen it.
    const arrival = (this.#current ??= this.#enter(1));
    arrival.holders += 1;
    this.#heldBytes += arrival.bytes;
    if (this.#heldBytes > this.#maxHeldBytes && !this.#paused) {
      this.#paused = true;
      this.#way?.pause();
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#heldBytes -= arrival.bytes;
      arrival.holders -= 1;
      if (arrival.holders === 0) this.#settle();
      if (!this.#paused || this.#heldBytes > this.#maxHeldBytes) return;
      this.#paused = false;
      this.#way?.resume();
    };
  }

  /** The handlers have returned. */
  end(): void {
    const arrival = this.#current;
    if (arrival !== undefined) {
      this.#current = undefined;
      arrival.holders -= 1;
      if (arrival.holders === 0) this.#settle();
    } else if (this.#qos === 0) return;
    else if (this.#qos === 1 && this.#order.length === 0) this.#way?.writer.puback(this.#packetId);
    else {
      this.#enter(0);
      this.#settle();
    }
  }

  pubrel(packetId: number, level: number): void {
    const known = this.#known.get(packetId)?.qos === 2;
    if (known) this.#known.delete(packetId);
    this.#way?.writer.pubcomp(packetId, known || level < 5 ? 0 : reasonCode.packetIdentifierNotFound);
  }

  #enter(holders: number): Arrival {
    const arrival = new Arrival(this.#packetId, this.#qos, this.#bytes, this.#way!);
    arrival.holders = holders;
    if (this.#qos === 0) return arrival;
    this.#known.set(arrival.packetId, arrival);
    this.#order.push(arrival);
    return arrival;
  }

  #isAgain(packetId: number, qos: Qos): boolean {
    const known = this.#known.get(packetId);
    if (known === undefined || known.qos !== qos) return false;
    if (known.acknowledged) this.#way?.writer.pubrec(packetId);
    else if (known.way !== this.#way) {
      known.way = this.#way;
      this.#order.push(known);
      this.#settle();
    }
    return true;
  }

  #isTooMany(): boolean {
    const way = this.#way!;
    if (this.#known.size < way.receiveMaximum) return false;
    let underWay = 0;
    // What came over a connection before does not count (MQTT 5, 4.9).
    for (const arrival of this.#known.values()) if (arrival.way === way) underWay += 1;
    if (underWay < way.receiveMaximum) return false;
    way.exceeded();
    return true;
  }

  #settle(): void {
    for (let arrival = this.#order.first; arrival?.holders === 0; arrival = this.#order.first) {
      this.#order.shift();
      if (arrival.qos === 1) {
        this.#known.delete(arrival.packetId);
        this.#way?.writer.puback(arrival.packetId);
      } else {
        arrival.acknowledged = true;
        this.#way?.writer.pubrec(arrival.packetId);
      }
    }
  }
}
