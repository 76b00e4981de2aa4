import { randomBytes } from 'node:crypto';

const BLOCK = 4096;
/** The last three digits, made once: an id is then one joining of two strings. */
const LOW = Array.from({ length: BLOCK }, (_, index) => index.toString(16).padStart(3, '0'));
const BLOCKS = 0x100000;

let start = '';
let high = '';
let block = BLOCKS;
let low = BLOCK;

/** An id for a new message, in the form of Node-RED's own: 16 hex digits, 8 of them of this start and 8 that count. */
export function nextMessageId(): string {
  if (low === BLOCK) nextBlock();
  const id = high + LOW[low];
  low += 1;
  return id;
}

function nextBlock(): void {
  if (block === BLOCKS) {
    start = randomBytes(4).toString('hex');
    block = 0;
  }
  high = start + block.toString(16).padStart(5, '0');
  block += 1;
  low = 0;
}
