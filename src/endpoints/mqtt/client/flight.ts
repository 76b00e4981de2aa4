import { IntMap } from '../../../int-map.ts';
import type { Qos } from '../../../wire/mqtt/index.ts';
import type { Outgoing } from './outgoing.ts';
import type { PacketIds } from './packet-ids.ts';

/** Messages of QoS 1 and 2 the broker has not taken over, by packet id and in the order they left. */
export class Flight {
  readonly #ids: PacketIds;
  readonly #messages = new IntMap<Outgoing>();
  /** Those of QoS 2. */
  #exact = 0;

  constructor(ids: PacketIds) {
    this.#ids = ids;
  }

  get size(): number {
    return this.#messages.size;
  }

  get exact(): number {
    return this.#exact;
  }

  /** All of now, in the order they left. */
  get all(): readonly Outgoing[] {
    return this.#messages.values();
  }

  /** The message of this id, when it is of that quality. */
  get(packetId: number, qos: Qos): Outgoing | undefined {
    const outgoing = this.#messages.get(packetId);
    return outgoing?.qos === qos ? outgoing : undefined;
  }

  /** An id for a message that is to leave; undefined when all are in use. */
  takeId(): number | undefined {
    return this.#ids.take();
  }

  /** It did not leave after all. */
  giveBack(packetId: number): void {
    this.#ids.free(packetId);
  }

  add(outgoing: Outgoing, packetId: number): void {
    outgoing.packetId = packetId;
    this.#messages.set(packetId, outgoing);
    if (outgoing.qos === 2) this.#exact += 1;
  }

  /** It has arrived, or never will. */
  settle(outgoing: Outgoing, error?: Error): void {
    this.#messages.delete(outgoing.packetId);
    if (outgoing.qos === 2) this.#exact -= 1;
    this.#ids.free(outgoing.packetId);
    outgoing.settle(error);
  }

  clear(): readonly Outgoing[] {
    const { all } = this;
    this.#messages.clear();
    return all;
  }
}
