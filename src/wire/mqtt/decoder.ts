import { clientIdOfConnect, levelOfConnect } from './decode-connect.ts';
import { decodePacket, takePacketId, takeReason, type RareName } from './decode-packet.ts';
import { flagsProblem, headerProblem } from './header-problem.ts';
import type { ProtocolLevel } from './packet.ts';
import { PacketReader, type Problem } from './packet-reader.ts';
import { packetName, packetType, type PacketName } from './packet-types.ts';
import { PendingPacket } from './pending-packet.ts';
import { noProperties } from './properties.ts';
import { PublishReader } from './publish-reader.ts';
import { reasonCode } from './reason-codes.ts';
import type { Malformed, PacketSink } from './sink.ts';
import { takeProperties } from './take-properties.ts';

/** Who reads: a server takes CONNECT first and its level from it; a client takes CONNACK (or AUTH) first and knows its level. */
export type DecoderOptions = (
  { readonly side: 'server' } | { readonly side: 'client'; readonly level: ProtocolLevel }
) & {
  /** Largest whole packet taken; the standard's 268,435,460 when not given. */
  readonly maxPacketBytes?: number;
};

type Answer = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';

const nothing = Buffer.alloc(0);
const tooLarge: Problem = { reasonCode: reasonCode.packetTooLarge, text: 'the packet is too large' };
const longLength: Problem = malformed('the remaining length has more than four bytes');
const paddedLength: Problem = malformed('the remaining length is longer than needed');

/** Finds packets in a stream of bytes and gives them to a sink. Of an unfinished packet it holds at most 4 KiB or twice what has arrived. */
export class Decoder {
  /** Undefined on a server until CONNECT; known even when that CONNECT is malformed, if it says MQTT at all. */
  level: ProtocolLevel | undefined;
  /** May be changed at any time, for what comes then. */
  maxPacketBytes: number;
  readonly #sink: PacketSink;
  readonly #toServer: boolean;
  readonly #publish = new PublishReader();
  readonly #pending = new PendingPacket();
  #bodyStart = 0;
  #opened = false;
  #state: 'running' | 'held' | 'stopped' = 'running';
  #held: Buffer[] = [];
  #malformed: Malformed | undefined;

  constructor(sink: PacketSink, options: DecoderOptions) {
    this.#sink = sink;
    this.#toServer = options.side === 'server';
    this.level = options.side === 'client' ? options.level : undefined;
    this.maxPacketBytes = options.maxPacketBytes ?? 268_435_460;
  }

  /** What we announced; 0, with which no alias is taken, when not set. */
  get topicAliasMaximum(): number {
    return this.#publish.topicAliasMaximum;
  }

  set topicAliasMaximum(maximum: number) {
    this.#publish.topicAliasMaximum = maximum;
  }

  /** Gives every whole packet to the sink; after the first malformed one nothing any more. The chunk must not change while its packets are in use. */
  push(chunk: Buffer): Malformed | undefined {
    if (this.#malformed !== undefined || this.#state === 'stopped') return this.#malformed;
    if (this.#state === 'held') {
      this.#held.push(chunk);
      return undefined;
    }
    this.#parse(chunk, this.#pending.length === 0 ? 0 : this.#continue(chunk));
    this.#publish.view.bytes = nothing;
    return this.#malformed;
  }

  /** Keeps back what follows the packet in hand, until `resume`. Stop reading from the socket meanwhile: what still comes is stored. */
  hold(): void {
    if (this.#state === 'running') this.#state = 'held';
  }

  /** Goes on with what was kept back; gives what `push` would. */
  resume(): Malformed | undefined {
    if (this.#state !== 'held') return this.#malformed;
    this.#state = 'running';
    const chunks = this.#held;
    this.#held = [];
    for (const chunk of chunks) this.push(chunk);
    return this.#malformed;
  }

  /** Drops what is there and what will come: the sink gets nothing more. */
  stop(): void {
    this.#state = 'stopped';
    this.#held = [];
    this.#pending.take();
  }

  #parse(chunk: Buffer, from: number): void {
    let at = from;
    while (at < chunk.length && this.#state === 'running' && this.#malformed === undefined) {
      const totalBytes = this.#readHeader(chunk, at, chunk.length);
      if (totalBytes === -1) return;
      if (totalBytes === 0 || at + totalBytes > chunk.length) {
        this.#pending.totalBytes = totalBytes;
        this.#pending.append(chunk, at, chunk.length);
        return;
      }
      this.#packet(chunk, at, this.#bodyStart, at + totalBytes);
      at += totalBytes;
    }
    if (this.#state === 'held' && at < chunk.length) this.#held.push(chunk.subarray(at));
  }

  /** Goes on with the unfinished packet; gives the first byte after it. */
  #continue(chunk: Buffer): number {
    const pending = this.#pending;
    let at = 0;
    while (pending.totalBytes === 0 && at < chunk.length) {
      pending.append(chunk, at, at + 1);
      at += 1;
      pending.totalBytes = this.#readHeader(pending.bytes, 0, pending.length);
      if (pending.totalBytes === -1) return at;
    }
    if (pending.totalBytes === 0) return at;
    const end = Math.min(chunk.length, at + pending.totalBytes - pending.length);
    pending.append(chunk, at, end);
    if (pending.length < pending.totalBytes) return end;
    const { totalBytes } = pending;
    const bytes = pending.take();
    this.#readHeader(bytes, 0, totalBytes);
    this.#packet(bytes, 0, this.#bodyStart, totalBytes);
    return end;
  }

  /** The length of the whole packet at `at`, and its `#bodyStart`; 0 while its header is not whole, -1 when it is wrong. */
  #readHeader(bytes: Buffer, at: number, end: number): number {
    const first = bytes[at]!;
    if (first >> 4 !== packetType.publish || !this.#opened) {
      const { level } = this;
      const problem = headerProblem(first, { toServer: this.#toServer, opened: this.#opened, level });
      if (problem !== undefined) return this.#fail(first >> 4, problem);
    }
    let length = 0;
    let index = at + 1;
    for (let shift = 0; ; shift += 7) {
      if (index >= end) return 0;
      const byte = bytes[index]!;
      index += 1;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        // Only MQTT 5.0 forbids the longer forms, and some older clients use them.
        if (byte === 0 && shift > 0 && this.level === 5) return this.#fail(first >> 4, paddedLength);
        break;
      }
      if (shift === 21) return this.#fail(first >> 4, longLength);
    }
    const totalBytes = index - at + length;
    if (totalBytes > this.maxPacketBytes) return this.#fail(first >> 4, tooLarge);
    this.#bodyStart = index;
    return totalBytes;
  }

  #packet(bytes: Buffer, start: number, bodyStart: number, end: number): void {
    const type = bytes[start]! >> 4;
    if (type === packetType.publish) {
      const problem = this.#publish.read(bytes, start, bodyStart, end, this.level ?? 4, this.#toServer);
      if (problem === undefined) this.#sink.publish(this.#publish.view);
      else this.#fail(type, problem);
      return;
    }
    const name = packetName(type);
    if (isAnswer(name)) this.#answer(name, bytes, bodyStart, end);
    else if (name !== undefined && name !== 'publish') this.#rare(name, bytes, start, bodyStart, end);
  }

  #answer(name: Answer, bytes: Buffer, start: number, end: number): void {
    if (end - start === 2) {
      const packetId = (bytes[start]! << 8) | bytes[start + 1]!;
      if (packetId !== 0) {
        this.#sink[name](packetId, 0, noProperties);
        return;
      }
    }
    const reader = new PacketReader(bytes, start, end);
    const packetId = takePacketId(reader);
    const code = this.level === 5 && !reader.done ? takeReason(reader, name) : 0;
    const properties = this.level === 5 && !reader.done ? takeProperties(reader, 5, name) : noProperties;
    reader.finish();
    if (reader.problem === undefined) this.#sink[name](packetId, code, properties);
    else this.#fail(packetType[name], reader.problem);
  }

  #rare(name: RareName, bytes: Buffer, start: number, bodyStart: number, end: number): void {
    const reader = new PacketReader(bytes, bodyStart, end);
    if (name === 'connect') {
      this.level = levelOfConnect(bytes, bodyStart, end);
      reader.problem = flagsProblem(bytes[start]!, this.level);
    }
    const packet = decodePacket(reader, name, this.level ?? 4, this.#toServer);
    if (reader.problem !== undefined) {
      this.#fail(packetType[name], reader.problem);
      if (name === 'connect') {
        const clientId = clientIdOfConnect(bytes, bodyStart, end, this.level ?? 4);
        this.#malformed = { ...this.#malformed!, clientId };
      }
      return;
    }
    if (name === 'connect' || name === 'connack') this.#opened = true;
    this.#sink.packet(packet);
  }

  #fail(type: number, { reasonCode, text }: Problem): -1 {
    this.#pending.take();
    this.#malformed = { reasonCode, text, packet: packetName(type) };
    return -1;
  }
}

function isAnswer(name: PacketName | undefined): name is Answer {
  return name === 'puback' || name === 'pubrec' || name === 'pubrel' || name === 'pubcomp';
}

function malformed(text: string): Problem {
  return { reasonCode: reasonCode.malformedPacket, text };
}
