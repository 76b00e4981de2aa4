import type { PacketName } from './packet-types.ts';
import type { Packet } from './packet.ts';
import type { Properties } from './properties.ts';
import type { PublishView } from './publish-view.ts';

/** Takes what a decoder finds, packet by packet and in order. It may call `hold` or `stop` of the decoder; it must not throw. */
export interface PacketSink {
  /** The view is one object used again for the next PUBLISH: take from it what is needed before returning. */
  publish(view: PublishView): void;
  /** Answers before level 5 have reason code 0 and no properties. */
  puback(packetId: number, reasonCode: number, properties: Properties): void;
  pubrec(packetId: number, reasonCode: number, properties: Properties): void;
  pubrel(packetId: number, reasonCode: number, properties: Properties): void;
  pubcomp(packetId: number, reasonCode: number, properties: Properties): void;
  /** Every other packet. */
  packet(packet: Packet): void;
}

/** What was wrong with the bytes of the far side. The connection is beyond use: answer `reasonCode` (level 5) and close. */
export interface Malformed {
  readonly reasonCode: number;
  /** Short, in plain words, without the far side's bytes. */
  readonly text: string;
  /** Undefined where not even the type is known. */
  readonly packet: PacketName | undefined;
  /** Of a CONNECT, as far as it could be read. */
  readonly clientId?: string;
}
