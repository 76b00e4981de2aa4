import { STATIC_TABLE } from './static-table.ts';

/** Encoded fields are kept for so many different ones: those of answers are few, and always the same. */
const MAX_KEPT = 512;
const MAX_KEPT_LENGTH = 128;

const names = new Map<string, number>();
const pairs = new Map<string, number>();
for (const [index, [name, value]] of STATIC_TABLE.entries()) {
  if (!names.has(name)) names.set(name, index + 1);
  pairs.set(`${name}\0${value}`, index + 1);
}

const kept = new Map<string, Buffer>();

/** Encodes fields of an answer: from the static table, or literally and indexed nowhere (RFC 7541, 6.1 and 6.2.2), so there is no state. */
export function encodeHeaders(fields: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2)
    parts.push(encodeField(fields[index]!, fields[index + 1]!));
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

export function encodeField(name: string, value: string): Buffer {
  const key = `${name}\0${value}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const field = encode(name, value, key);
  if (key.length <= MAX_KEPT_LENGTH) {
    if (kept.size >= MAX_KEPT) kept.clear();
    kept.set(key, field);
  }
  return field;
}

function encode(name: string, value: string, key: string): Buffer {
  const pair = pairs.get(key);
  if (pair !== undefined) return Buffer.from([0x80 | pair]);
  const index = names.get(name);
  const head = index === undefined ? [0x00, ...integer(name.length, 7, 0)] : integer(index, 4, 0);
  const text = index === undefined ? Buffer.from(name, 'latin1') : Buffer.alloc(0);
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([Buffer.from(head), text, Buffer.from(integer(bytes.length, 7, 0)), bytes]);
}

/** RFC 7541, 5.1. */
function integer(value: number, prefixBits: number, flags: number): number[] {
  const mask = 2 ** prefixBits - 1;
  if (value < mask) return [flags | value];
  const bytes = [flags | mask];
  let rest = value - mask;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
