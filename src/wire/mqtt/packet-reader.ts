import { reasonCode } from './reason-codes.ts';
import { isMqttString, textOf } from './utf8.ts';

/** What is wrong with a packet: a reason code and a few words. */
export interface Problem {
  readonly reasonCode: number;
  readonly text: string;
}

/** Reads one packet's body front to back. The first wrong thing stays in `problem`; what is read after it means nothing. */
export class PacketReader {
  readonly bytes: Buffer;
  at: number;
  /** What may be read ends here: the packet, or a part of it with a length of its own. */
  end: number;
  problem: Problem | undefined;

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end || this.problem !== undefined;
  }

  fail(code: number, text: string): void {
    this.problem ??= { reasonCode: code, text };
  }

  byte(): number {
    if (!this.#has(1)) return 0;
    return this.bytes[this.at++]!;
  }

  uint16(): number {
    if (!this.#has(2)) return 0;
    const value = this.bytes.readUInt16BE(this.at);
    this.at += 2;
    return value;
  }

  uint32(): number {
    if (!this.#has(4)) return 0;
    const value = this.bytes.readUInt32BE(this.at);
    this.at += 4;
    return value;
  }

  /** A variable byte integer, MQTT 5.0 section 1.5.5: one to four bytes, no longer than needed. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0)
          this.fail(reasonCode.malformedPacket, 'a variable byte integer is longer than needed');
        return value;
      }
    }
    this.fail(reasonCode.malformedPacket, 'a variable byte integer has more than four bytes');
    return 0;
  }

  string(): string {
    const start = this.#prefixed();
    if (this.problem !== undefined) return '';
    if (isMqttString(this.bytes, start, this.at)) return textOf(this.bytes, start, this.at);
    this.fail(reasonCode.malformedPacket, 'a string is not UTF-8 or has a NUL character');
    return '';
  }

  /** A part of `bytes`, not a copy. */
  binary(): Buffer {
    const start = this.#prefixed();
    return this.bytes.subarray(start, this.at);
  }

  /** The body has to be used up. */
  finish(): void {
    if (this.at !== this.end) this.fail(reasonCode.malformedPacket, 'the packet is longer than its content');
  }

  #prefixed(): number {
    const length = this.uint16();
    const start = this.at;
    if (this.#has(length)) this.at += length;
    return start;
  }

  #has(length: number): boolean {
    if (this.problem === undefined && this.end - this.at >= length) return true;
    this.fail(reasonCode.malformedPacket, 'the packet is shorter than its content');
    return false;
  }
}
