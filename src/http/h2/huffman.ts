import { COMPRESSION_ERROR, ConnectionError } from './codes.ts';

/**
 * Length of the code of each byte, and last of the end of string (RFC 7541, appendix B): A is 5 bits, B is 6, and so on. The
 * code is canonical: shorter codes come first, and codes of one length are in the order of their bytes.
 */
const LENGTHS =
  'ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHFIBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCC' +
  'KGJIXPRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRSVVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVW' +
  'WWWWXWWWWWVZ';
const END_OF_STRING = 256;
const NIBBLES = 16;
/** A step that leads to the end of string, which must not be in a string. */
const NONE = 0xffff;

/** A walk down the tree in steps of four bits: where each leads to, and the byte that ends on the way, if one does. */
const { steps, bytes, mayEnd } = makeTables();

/** Decodes a Huffman string. Throws a COMPRESSION_ERROR for padding that is none, and for the end of string within. */
export function decodeHuffman(source: Buffer, start: number, end: number): string {
  // The shortest code has five bits.
  const target = Buffer.allocUnsafe(Math.ceil(((end - start) * 8) / 5));
  let length = 0;
  let node = 0;
  for (let index = start; index < end; index += 1) {
    const byte = source[index]!;
    for (let shift = 4; shift >= 0; shift -= 4) {
      const step = node * NIBBLES + ((byte >> shift) & 15);
      const symbol = bytes[step]!;
      if (symbol > 0) target[length++] = symbol - 1;
      node = steps[step]!;
      if (node === NONE) throw new ConnectionError(COMPRESSION_ERROR, 'the end of string within a string');
    }
  }
  if (mayEnd[node] !== 1) throw new ConnectionError(COMPRESSION_ERROR, 'a string with wrong padding');
  return target.toString('latin1', 0, length);
}

function makeTables(): { steps: Uint16Array; bytes: Uint16Array; mayEnd: Uint8Array } {
  const children: [number, number][] = [[0, 0]];
  /** The symbol at a leaf, by node. */
  const leaves = new Map<number, number>();
  const symbols = Array.from(LENGTHS, (letter, symbol) => ({ symbol, length: letter.charCodeAt(0) - 60 }));
  let code = 0;
  let before = 5;
  for (const { symbol, length } of symbols.toSorted((left, right) => left.length - right.length)) {
    code *= 2 ** (length - before);
    before = length;
    let node = 0;
    for (let bit = length - 1; bit >= 0; bit -= 1) {
      const way = Math.floor(code / 2 ** bit) % 2;
      if (children[node]![way] === 0) {
        children[node]![way] = children.length;
        children.push([0, 0]);
      }
      node = children[node]![way]!;
    }
    leaves.set(node, symbol);
    code += 1;
  }
  const count = children.length;
  const steps = new Uint16Array(count * NIBBLES);
  const bytes = new Uint16Array(count * NIBBLES);
  for (let from = 0; from < count; from += 1) {
    for (let nibble = 0; nibble < NIBBLES; nibble += 1) {
      let node = from;
      for (let bit = 3; bit >= 0 && node !== NONE; bit -= 1) {
        node = children[node]![(nibble >> bit) & 1]!;
        const symbol = leaves.get(node);
        if (symbol === undefined) continue;
        if (symbol !== END_OF_STRING) bytes[from * NIBBLES + nibble] = symbol + 1;
        node = symbol === END_OF_STRING ? NONE : 0;
      }
      steps[from * NIBBLES + nibble] = node;
    }
  }
  // Padding is the first bits of the end of string, all ones, and less than a byte (RFC 7541, 5.2).
  const mayEnd = new Uint8Array(count);
  for (let node = 0, depth = 0; depth < 8; depth += 1) {
    mayEnd[node] = 1;
    node = children[node]![1]!;
  }
  return { steps, bytes, mayEnd };
}
