/** WebSocket subprotocol of a rendezvous; a listener adds its role to be found there. */
export const PROTOCOLS = { link: 'chartwire.peer.link.v1', listener: 'chartwire.peer.listener.v1' } as const;

/** Type u8, fingerprint of the other peer in 32 bytes, session in 8, then what belongs to the type. */
const PREFIX_BYTES = 41;
/** Longest piece of a tunnel or text of a signal, in bytes. */
export const MAX_BODY_BYTES = 32_768;
export const MAX_FRAME_BYTES = PREFIX_BYTES + MAX_BODY_BYTES;

const types = ['signal', 'data', 'credit', 'end', 'absent'] as const;

/** `data` are bytes of a tunnel, `credit` lets its far side send that many more, `end` ends it; `absent`: nobody is there. */
export interface RendezvousFrame {
  readonly type: (typeof types)[number];
  /** Towards the rendezvous the addressee, from it the sender. */
  readonly peer: string;
  readonly session: string;
  readonly body: Buffer;
}

const nothing = Buffer.alloc(0);

export function encodeRendezvous(
  type: RendezvousFrame['type'],
  peer: string,
  session: string,
  body: Buffer = nothing,
): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES + body.length);
  bytes.writeUInt8(types.indexOf(type), 0);
  bytes.write(peer, 1, 'hex');
  bytes.write(session, 33, 'hex');
  bytes.set(body, PREFIX_BYTES);
  return bytes;
}

/** Nothing when it is no frame. */
export function decodeRendezvous(bytes: Buffer): RendezvousFrame | undefined {
  if (bytes.length < PREFIX_BYTES || bytes.length > MAX_FRAME_BYTES) return undefined;
  const type = types[bytes.readUInt8(0)];
  const body = bytes.subarray(PREFIX_BYTES);
  if (type === undefined || (type === 'credit' && body.length !== 4)) return undefined;
  return { type, peer: bytes.toString('hex', 1, 33), session: bytes.toString('hex', 33, PREFIX_BYTES), body };
}

/** The same frame as it is passed on: with the sender where the addressee stood. */
export function passedOn(bytes: Buffer, sender: string): Buffer {
  bytes.write(sender, 1, 'hex');
  return bytes;
}
