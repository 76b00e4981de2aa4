import { Fault } from '../../fault.ts';

/** Before each piece of an unreliable message: message id u32, index u16, count u16. */
const PREFIX_BYTES = 8;
const MAX_PIECES = 0xffff;
/** No packet is so short that a piece would be less than this, the last one aside. */
const MIN_PIECE_BYTES = 512;
/** Messages of which pieces are missing; the oldest is given up for a newer one. */
const MAX_OPEN = 32;

/** Cuts a message into packets of at most `maxBytes`. Throws PAYLOAD_TOO_LARGE when there would be too many. */
export function cutPackets(id: number, bytes: Buffer, maxBytes: number): Buffer[] {
  const room = maxBytes - PREFIX_BYTES;
  const count = Math.max(1, Math.ceil(bytes.length / room));
  if (count > MAX_PIECES) {
    throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: bytes.length, limitBytes: MAX_PIECES * room });
  }
  return Array.from({ length: count }, (_, index) => {
    const piece = bytes.subarray(index * room, (index + 1) * room);
    const packet = Buffer.allocUnsafe(PREFIX_BYTES + piece.length);
    packet.writeUInt32BE(id, 0);
    packet.writeUInt16BE(index, 4);
    packet.writeUInt16BE(count, 6);
    packet.set(piece, PREFIX_BYTES);
    return packet;
  });
}

interface Open {
  readonly pieces: (Buffer | undefined)[];
  missing: number;
  bytes: number;
}

/** Joins packets to messages again. Holds at most {@link MAX_OPEN} unfinished messages and `maxBytes` of pieces. */
export class PacketJoiner {
  readonly #maxBytes: number;
  readonly #open = new Map<number, Open>();
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of unfinished messages. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The message that is whole now; nothing while pieces are missing; a text when the packet is none. */
  push(packet: Buffer): Buffer | string | undefined {
    if (packet.length < PREFIX_BYTES) return `a packet of ${packet.length} bytes`;
    const id = packet.readUInt32BE(0);
    const index = packet.readUInt16BE(4);
    const count = packet.readUInt16BE(6);
    if (index >= count) return `piece ${index} of ${count}`;
    const piece = packet.subarray(PREFIX_BYTES);
    if (count === 1) return piece;
    const known = this.#open.get(id);
    if (known !== undefined && known.pieces.length !== count) {
      this.#drop(id, known);
      return `a message of ${known.pieces.length} pieces and of ${count}`;
    }
    if (count > this.#maxBytes / MIN_PIECE_BYTES + 1) return `a message of ${count} pieces`;
    const open = known ?? this.#begin(id, count);
    if (open.pieces[index] !== undefined) return undefined;
    open.pieces[index] = piece;
    open.missing -= 1;
    open.bytes += piece.length;
    this.#heldBytes += piece.length;
    if (open.missing === 0) {
      this.#drop(id, open);
      return Buffer.concat(open.pieces as Buffer[]);
    }
    for (const [oldest, other] of this.#open) {
      if (this.#heldBytes <= this.#maxBytes && this.#open.size <= MAX_OPEN) break;
      this.#drop(oldest, other);
    }
    return undefined;
  }

  #begin(id: number, count: number): Open {
    const open: Open = { pieces: Array.from({ length: count }), missing: count, bytes: 0 };
    this.#open.set(id, open);
    return open;
  }

  #drop(id: number, open: Open): void {
    this.#open.delete(id);
    this.#heldBytes -= open.bytes;
  }
}
