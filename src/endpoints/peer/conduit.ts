import type { Duplex } from 'node:stream';
import type { FarSide } from './fingerprint.ts';
import type { PeerPath } from './presence.ts';

/** Sends and takes single packets that may be lost, come twice or out of order. */
export interface Datagrams {
  /** Longest packet, in bytes. */
  readonly maxBytes: number;
  /** False when it was dropped because too much is on its way already. */
  send(packet: Buffer): boolean;
  onPacket(listener: (packet: Buffer) => void): void;
}

/** An open, encrypted way to a far side that has proved who it is. */
export interface Conduit {
  readonly path: PeerPath;
  /** Where the far side is, for people. */
  readonly url: string;
  readonly farSide: FarSide;
  /** Bytes in order, none lost. */
  readonly stream: Duplex;
  /** Beside the stream, where the path has it. */
  readonly datagrams?: Datagrams;
}
