/** Bytes of a packet under construction. Numbers are big-endian; a string longer than 65,535 bytes throws a RangeError. */
export class PacketBytes {
  length = 0;
  #bytes: Buffer;

  constructor(expectedBytes = 256) {
    this.#bytes = Buffer.allocUnsafe(expectedBytes);
  }

  byte(value: number): this {
    this.#room(1);
    this.length = this.#bytes.writeUInt8(value, this.length);
    return this;
  }

  uint16(value: number): this {
    this.#room(2);
    this.length = this.#bytes.writeUInt16BE(value, this.length);
    return this;
  }

  uint32(value: number): this {
    this.#room(4);
    this.length = this.#bytes.writeUInt32BE(value, this.length);
    return this;
  }

  /** A variable byte integer, MQTT 5.0 section 1.5.5; above 268,435,455 a RangeError. */
  varint(value: number): this {
    if (!(value >= 0 && value <= 0xfffffff)) throw new RangeError(`${value} is no variable byte integer`);
    this.#room(4);
    this.length = putVarint(this.#bytes, this.length, value);
    return this;
  }

  string(value: string): this {
    const size = Buffer.byteLength(value);
    this.uint16(size).#room(size);
    this.#bytes.write(value, this.length);
    this.length += size;
    return this;
  }

  binary(value: Uint8Array): this {
    return this.uint16(value.length).raw(value);
  }

  raw(value: Uint8Array): this {
    this.#room(value.length);
    this.#bytes.set(value, this.length);
    this.length += value.length;
    return this;
  }

  /** The bytes so far; this object is not to be used after it. */
  take(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }

  #room(size: number): void {
    const needed = this.length + size;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(2 * needed);
    this.#bytes.copy(grown, 0, 0, this.length);
    this.#bytes = grown;
  }
}

/** Writes a variable byte integer and gives the index after it. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let index = at;
  let rest = value;
  while (rest > 0x7f) {
    bytes[index] = (rest & 0x7f) | 0x80;
    index += 1;
    rest >>>= 7;
  }
  bytes[index] = rest;
  return index + 1;
}

/** Bytes a variable byte integer takes. */
export function varintLength(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x20_0000 ? 3 : 4;
}
