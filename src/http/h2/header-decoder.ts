import { COMPRESSION_ERROR, ConnectionError } from './codes.ts';
import { addHeader, fieldProblem, type HeaderList } from '../header-list.ts';
import { decodeHuffman } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';

/** The size both sides begin with (RFC 9113, 6.5.2); we never announce another. */
const TABLE_BYTES = 4_096;
const ENTRY_BYTES = 32;

interface Entry {
  readonly name: string;
  readonly value: string;
  readonly problem: string | undefined;
}

const known: readonly Entry[] = STATIC_TABLE.map(([name, value]) => ({
  name,
  value,
  problem: fieldProblem(name, value),
}));

/** Reads the header blocks of one connection (HPACK, RFC 7541). Throws a COMPRESSION_ERROR, after which nothing can be read. */
export class HeaderDecoder {
  /** Newest first. */
  readonly #dynamic: Entry[] = [];
  #sizeBytes = 0;
  #maxBytes = TABLE_BYTES;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  decode(block: Buffer, into: HeaderList): void {
    this.#block = block;
    this.#at = 0;
    let mayResize = true;
    while (this.#at < block.length) {
      const byte = block[this.#at]!;
      if ((byte & 0xe0) === 0x20) {
        if (!mayResize) throw broken('a new table size after a field');
        this.#resize(this.#integer(5));
        continue;
      }
      mayResize = false;
      const entry = (byte & 0x80) === 0 ? this.#literal(byte) : this.#entry(this.#integer(7));
      addHeader(into, entry.name, entry.value, entry.problem);
    }
  }

  #literal(byte: number): Entry {
    const isIndexed = (byte & 0xc0) === 0x40;
    const index = this.#integer(isIndexed ? 6 : 4);
    const name = index === 0 ? this.#string() : this.#entry(index).name;
    const value = this.#string();
    const entry = { name, value, problem: fieldProblem(name, value) };
    if (isIndexed) this.#insert(entry);
    return entry;
  }

  #entry(index: number): Entry {
    const entry = index <= known.length ? known[index - 1] : this.#dynamic[index - known.length - 1];
    if (entry === undefined) throw broken('an index beyond the tables');
    return entry;
  }

  #insert(entry: Entry): void {
    this.#sizeBytes += entry.name.length + entry.value.length + ENTRY_BYTES;
    this.#dynamic.unshift(entry);
    this.#evict();
  }

  #resize(bytes: number): void {
    if (bytes > TABLE_BYTES) throw broken('a table above its limit');
    this.#maxBytes = bytes;
    this.#evict();
  }

  #evict(): void {
    while (this.#sizeBytes > this.#maxBytes) {
      const { name, value } = this.#dynamic.pop()!;
      this.#sizeBytes -= name.length + value.length + ENTRY_BYTES;
    }
  }

  /** RFC 7541, 5.1. */
  #integer(prefixBits: number): number {
    const mask = 2 ** prefixBits - 1;
    let value = this.#byte() & mask;
    if (value < mask) return value;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (value > 0xff_ff_ff) throw broken('a number that is too large');
      if ((byte & 0x80) === 0) return value;
    }
  }

  /** RFC 7541, 5.2. */
  #string(): string {
    const isHuffman = this.#at < this.#block.length && (this.#block[this.#at]! & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    const end = start + length;
    if (end > this.#block.length) throw broken('a string beyond the block');
    this.#at = end;
    return isHuffman ? decodeHuffman(this.#block, start, end) : this.#block.toString('latin1', start, end);
  }

  #byte(): number {
    if (this.#at >= this.#block.length) throw broken('a block that ends early');
    return this.#block[this.#at++]!;
  }
}

const broken = (what: string): ConnectionError => new ConnectionError(COMPRESSION_ERROR, what);
