import type { DataChannel } from 'node-datachannel';
import type { Datagrams } from '../conduit.ts';
import { called } from './library.ts';

/** Fits a packet of SCTP over DTLS over UDP on common networks, so that one that is lost costs no other. */
const MAX_PACKET_BYTES = 1_100;
/** Larger messages go in larger packets: each is one message of SCTP, cut and joined by it. */
const MAX_BUFFERED_BYTES = 262_144;

/** An unreliable, unordered data channel. What does not fit beside what is on its way is dropped. */
export class PacketPort implements Datagrams {
  readonly maxBytes = MAX_PACKET_BYTES;
  readonly #channel: DataChannel;

  constructor(channel: DataChannel) {
    this.#channel = channel;
  }

  send(packet: Buffer): boolean {
    if (!this.#channel.isOpen() || this.#channel.bufferedAmount() > MAX_BUFFERED_BYTES) return false;
    return this.#channel.sendMessageBinary(packet);
  }

  onPacket(listener: (packet: Buffer) => void): void {
    this.#channel.onMessage(
      called((message) => {
        if (typeof message === 'string') return;
        listener(Buffer.isBuffer(message) ? message : Buffer.from(message));
      }),
    );
  }
}
