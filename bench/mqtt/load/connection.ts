import type { Socket } from 'node:net';
import { FIRST, lengthAt, type Level, type Qos } from './bytes.ts';
import { PacketScanner } from './packet-scanner.ts';

/** What an established connection tells its owner. */
export interface ConnectionEvents {
  /** A PUBLISH; its payload stands in the chunk from `start` to `end`. */
  readonly message: (chunk: Buffer, start: number, end: number) => void;
  /** `count` messages we published have been acknowledged to the end. */
  readonly acknowledged: (count: number) => void;
  /** All packets of a chunk have been told. */
  readonly turn: () => void;
  /** Any packet that has to do with neither. */
  readonly other: (first: number, body: Buffer) => void;
}

/** One connection, whichever side opened it: acknowledges what comes in, one write a turn, and counts what is acknowledged. */
export class Connection {
  readonly socket: Socket;
  level: Level;
  /** Most messages the far side takes unacknowledged. */
  receiveMaximum = 65_535;
  events: ConnectionEvents;
  readonly #scanner = new PacketScanner();
  #replies = Buffer.allocUnsafe(4096);
  #replied = 0;
  #acknowledged = 0;

  constructor(socket: Socket, level: Level, events: ConnectionEvents) {
    this.socket = socket;
    this.level = level;
    this.events = events;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
  }

  #take(chunk: Buffer): void {
    this.#scanner.push(chunk, this.#packet);
    if (this.#replied > 0) {
      this.socket.write(this.#replies.subarray(0, this.#replied), this.#written);
      this.#replies = Buffer.allocUnsafe(4096);
      this.#replied = 0;
    }
    if (this.#acknowledged > 0) {
      const count = this.#acknowledged;
      this.#acknowledged = 0;
      this.events.acknowledged(count);
    }
    this.events.turn();
  }

  readonly #packet = (first: number, chunk: Buffer, start: number, end: number): void => {
    switch (first & 0xf0) {
      case FIRST.publish:
        return this.#publish(first, chunk, start, end);
      case FIRST.puback:
      case FIRST.pubcomp:
        this.#acknowledged += 1;
        return;
      case FIRST.pubrec:
        return this.#reply(FIRST.pubrel, chunk, start);
      case 0x60:
        return this.#reply(FIRST.pubcomp, chunk, start);
      default:
        // Copied: the listener may keep it, the chunk is large.
        return this.events.other(first, Buffer.from(chunk.subarray(start, end)));
    }
  };

  /** Over TLS a write takes time, and a publisher on this connection may be waiting for it. */
  readonly #written = (): void => this.events.acknowledged(0);

  #publish(first: number, chunk: Buffer, start: number, end: number): void {
    let at = start + 2 + ((chunk[start]! << 8) | chunk[start + 1]!);
    const qos = ((first >> 1) & 3) as Qos;
    if (qos > 0) {
      this.#reply(qos === 1 ? FIRST.puback : FIRST.pubrec, chunk, at);
      at += 2;
    }
    if (this.level === 5) {
      const properties = lengthAt(chunk, at);
      at = properties.end + properties.value;
    }
    this.events.message(chunk, at, end);
  }

  /** An acknowledgement for the packet id that stands in the chunk at that place. */
  #reply(first: number, chunk: Buffer, idAt: number): void {
    if (this.#replied === this.#replies.length) {
      const larger = Buffer.allocUnsafe(this.#replies.length * 2);
      this.#replies.copy(larger);
      this.#replies = larger;
    }
    const at = this.#replied;
    this.#replies[at] = first;
    this.#replies[at + 1] = 2;
    this.#replies[at + 2] = chunk[idAt]!;
    this.#replies[at + 3] = chunk[idAt + 1]!;
    this.#replied += 4;
  }
}
