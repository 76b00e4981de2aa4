import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8192;
const pool = Buffer.allocUnsafeSlow(POOL_BYTES);
let used = POOL_BYTES;

/** Short payloads are done byte by byte: a view of words costs more than it saves. */
const WORDS_FROM_BYTES = 48;
const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Four bytes nobody can foretell, as one number, the first in its highest byte (RFC 6455, 5.3 and 10.3). */
export function newMask(): number {
  if (used === POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const mask = pool.readUInt32BE(used);
  used += 4;
  return mask;
}

/** Masks or unmasks `bytes[from..to)` in place; `phase` is the place of the first byte in its frame (RFC 6455, 5.3). */
export function applyMask(bytes: Uint8Array, from: number, to: number, mask: number, phase = 0): void {
  let at = from;
  let turn = phase & 3;
  if (to - from >= WORDS_FROM_BYTES) {
    while (((bytes.byteOffset + at) & 3) !== 0) {
      bytes[at]! ^= byteOf(mask, turn);
      at += 1;
      turn = (turn + 1) & 3;
    }
    const words = new Int32Array(bytes.buffer, bytes.byteOffset + at, (to - at) >> 2);
    const word = wordOf(mask, turn);
    for (let index = 0; index < words.length; index += 1) words[index]! ^= word;
    at += words.length << 2;
  }
  for (; at < to; at += 1) {
    bytes[at]! ^= byteOf(mask, turn);
    turn = (turn + 1) & 3;
  }
}

function byteOf(mask: number, turn: number): number {
  return (mask >>> (24 - turn * 8)) & 0xff;
}

/** The mask from that turn on, as the machine reads four bytes. */
function wordOf(mask: number, turn: number): number {
  const first = turn === 0 ? mask : (mask << (turn * 8)) | (mask >>> (32 - turn * 8));
  if (!isLittleEndian) return first;
  return ((first & 0xff) << 24) | ((first & 0xff00) << 8) | ((first >>> 8) & 0xff00) | (first >>> 24);
}
