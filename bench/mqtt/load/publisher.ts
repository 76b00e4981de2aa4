import { publishTemplate, type Qos } from './bytes.ts';
import type { Connection } from './connection.ts';
import type { Stamp } from './stamp.ts';

const MAX_BATCH_BYTES = 256 * 1024;
const MAX_BATCH_MESSAGES = 1024;

/** Who numbers the messages of all publishers. */
export interface Numbering {
  /** Messages leave now. */
  leave(): void;
  /** The number of the next of them. */
  next(): number;
}

/** Publishes on one connection: messages are stamped into a batch made in advance, and the batch is one write. */
export class Publisher {
  readonly #connection: Connection;
  readonly #stamp: Stamp;
  readonly #numbering: Numbering;
  readonly #batch: Buffer;
  readonly #size: number;
  readonly #idAt: number;
  readonly #stampAt: number;
  #nextId = 1;
  #owed = 0;
  unacknowledged = 0;

  constructor(connection: Connection, topic: string, qos: Qos, stamp: Stamp, numbering: Numbering) {
    const { level } = connection;
    const { bytes, idAt, payloadAt } = publishTemplate({ level, topic, payload: stamp.payload, qos });
    const capacity = Math.max(1, Math.min(MAX_BATCH_MESSAGES, Math.floor(MAX_BATCH_BYTES / bytes.length)));
    this.#connection = connection;
    this.#stamp = stamp;
    this.#numbering = numbering;
    this.#batch = Buffer.concat(Array.from({ length: capacity }, () => bytes));
    this.#size = bytes.length;
    this.#idAt = idAt;
    this.#stampAt = payloadAt + stamp.at;
  }

  /** Sends so many, as far as the far side takes them now; the rest as soon as it does. */
  send(count: number): void {
    this.#owed += count;
    this.#flush();
  }

  acknowledged(count: number): void {
    this.unacknowledged -= count;
    this.#flush();
  }

  readonly #flush = (): void => {
    const { socket, receiveMaximum } = this.#connection;
    // The batch is in use until the system has taken all of it.
    while (this.#owed > 0 && socket.writableLength === 0 && !socket.destroyed) {
      const room = this.#idAt === 0 ? this.#owed : receiveMaximum - this.unacknowledged;
      const count = Math.min(this.#owed, room, this.#batch.length / this.#size);
      if (count <= 0) return;
      this.#owed -= count;
      this.#write(count);
    }
  };

  #write(count: number): void {
    const batch = this.#batch;
    const size = this.#size;
    this.#numbering.leave();
    for (let at = 0; at < count * size; at += size) {
      this.#stamp.write(batch, at + this.#stampAt, this.#numbering.next());
      if (this.#idAt > 0) {
        batch[at + this.#idAt] = this.#nextId >>> 8;
        batch[at + this.#idAt + 1] = this.#nextId & 0xff;
        this.#nextId = this.#nextId === 65_535 ? 1 : this.#nextId + 1;
      }
    }
    if (this.#idAt > 0) this.unacknowledged += count;
    this.#connection.socket.write(batch.subarray(0, count * size), this.#flush);
  }
}
