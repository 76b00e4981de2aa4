import { applyMask, newMask } from './mask.ts';
import { opcodes } from './opcodes.ts';

/** Longest payload of a control frame (RFC 6455, 5.5). */
export const MAX_CONTROL_BYTES = 125;
const FIN = 0x80;
const RSV1 = 0x40;
const MASKED = 0x80;

export interface FrameForm {
  readonly opcode: number;
  /** As a client sends it (RFC 6455, 5.3). */
  readonly masked: boolean;
  /** The payload went through permessage-deflate (RFC 7692, 6). */
  readonly compressed?: boolean;
}

/** Bytes before the payload. */
export function headerBytes(length: number, masked: boolean): number {
  return (length < 126 ? 2 : length < 65_536 ? 4 : 10) + (masked ? 4 : 0);
}

/** Writes the header of a whole message and gives the place of its payload. The caller puts that there, and masks it. */
export function writeHeader(target: Buffer, at: number, length: number, form: FrameForm, mask: number): number {
  target[at] = FIN | (form.compressed === true ? RSV1 : 0) | form.opcode;
  const maskBit = form.masked ? MASKED : 0;
  let next = at + 2;
  if (length < 126) target[at + 1] = maskBit | length;
  else if (length < 65_536) {
    target[at + 1] = maskBit | 126;
    next = target.writeUInt16BE(length, next);
  } else {
    target[at + 1] = maskBit | 127;
    next = target.writeUInt32BE(Math.floor(length / 0x1_0000_0000), next);
    next = target.writeUInt32BE(length >>> 0, next);
  }
  return form.masked ? target.writeUInt32BE(mask, next) : next;
}

/** A message as one frame, in a buffer of its own. */
export function frameOf(payload: Uint8Array, form: FrameForm): Buffer {
  const mask = form.masked ? newMask() : 0;
  const frame = Buffer.allocUnsafe(headerBytes(payload.length, form.masked) + payload.length);
  const start = writeHeader(frame, 0, payload.length, form, mask);
  frame.set(payload, start);
  if (form.masked) applyMask(frame, start, frame.length, mask);
  return frame;
}

/** A close frame; without a code, one that gives no reason. A reason that is too long is cut. */
export function closeFrame(code: number | undefined, reason: string, masked: boolean): Buffer {
  if (code === undefined) return frameOf(Buffer.alloc(0), { opcode: opcodes.close, masked });
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return frameOf(payload.subarray(0, endOfText(payload)), { opcode: opcodes.close, masked });
}

/** The end of what fits, between two characters. */
function endOfText(payload: Buffer): number {
  if (payload.length <= MAX_CONTROL_BYTES) return payload.length;
  let end = MAX_CONTROL_BYTES;
  while ((payload[end]! & 0xc0) === 0x80) end -= 1;
  return end;
}
