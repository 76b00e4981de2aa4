import { decodeFrame, encodeFrame, FRAME_PREFIX_BYTES, MAX_HEADER_BYTES } from '../../endpoint/frame.ts';
import type { Message } from '../../endpoint/message.ts';
import { topicProblem } from '../../endpoint/topic.ts';
import type { Datagrams } from './conduit.ts';
import { cutPackets, PacketJoiner } from './packets.ts';

export interface UnreliableEvents {
  /** False: there is no room for what comes in, it is dropped. */
  hasRoom(): boolean;
  message(message: Message): void;
  malformed(problem: string): void;
}

/** Messages in packets that may be lost, come twice or out of order. None of them is answered. */
export class Unreliable {
  readonly #datagrams: Datagrams;
  readonly #maxPayloadBytes: number;
  readonly #events: UnreliableEvents;
  readonly #joiner: PacketJoiner;
  #lastId = 0;

  constructor(datagrams: Datagrams, maxPayloadBytes: number, events: UnreliableEvents) {
    this.#datagrams = datagrams;
    this.#maxPayloadBytes = maxPayloadBytes;
    this.#events = events;
    this.#joiner = new PacketJoiner(maxPayloadBytes + MAX_HEADER_BYTES + FRAME_PREFIX_BYTES);
    datagrams.onPacket((packet) => this.#take(packet));
  }

  /** False when some of it was dropped, because too much is on its way already. */
  send(message: Message): boolean {
    this.#lastId = (this.#lastId + 1) >>> 0;
    const packets = cutPackets(this.#lastId, encodeFrame({ type: 'data', id: 0, message }), this.#datagrams.maxBytes);
    return packets.every((packet) => this.#datagrams.send(packet));
  }

  #take(packet: Buffer): void {
    if (!this.#events.hasRoom()) return;
    const joined = this.#joiner.push(packet);
    if (joined === undefined) return;
    if (typeof joined === 'string') {
      this.#events.malformed(joined);
      return;
    }
    const frame = decodeFrame(joined, this.#maxPayloadBytes);
    if (frame.type === 'data' && topicProblem(frame.message.topic) === undefined) this.#events.message(frame.message);
    else this.#events.malformed(frame.type === 'malformed' ? frame.problem : `a packet with ${frame.type}`);
  }
}
