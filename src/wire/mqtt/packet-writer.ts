import { encodePacket } from './encode-packet.ts';
import { encodeProperties } from './encode-properties.ts';
import { publishBodyBytes, type PublishTemplate } from './encode-publish.ts';
import type { FlushQueue } from '../flush-queue.ts';
import type { Packet, ProtocolLevel, Qos } from './packet.ts';
import { putVarint, varintLength } from './packet-bytes.ts';
import { packetType } from './packet-types.ts';
import type { Properties } from './properties.ts';
import { leastReferencedBytes, WriteBatch, type WriteTarget } from '../write-batch.ts';

export interface WriterOptions {
  readonly level: ProtocolLevel;
  /** Largest whole packet the far side takes; the standard's 268,435,460 when not given. */
  readonly maxPacketBytes?: number;
  /** Who flushes at the end of the turn; `endOfTurn` when not given. */
  readonly queue?: FlushQueue;
}

const none = new Uint8Array(0);

/** Writes packets into the batch of the turn. What the far side would not take by its size is not written: the answer is false. */
export class PacketWriter {
  level: ProtocolLevel;
  maxPacketBytes: number;
  readonly #batch: WriteBatch;

  constructor(target: WriteTarget, { level, maxPacketBytes = 268_435_460, queue }: WriterOptions) {
    this.level = level;
    this.maxPacketBytes = maxPacketBytes;
    this.#batch = new WriteBatch(target, queue);
  }

  /** Bytes not yet given to the target. */
  get pendingBytes(): number {
    return this.#batch.pendingBytes;
  }

  /** Gives everything to the target now. */
  flush(): void {
    this.#batch.flush();
  }

  /** Forgets what was not given to the target, when that is closed. */
  discard(): void {
    this.#batch.discard();
  }

  /** `properties` (level 5) come from `encodeProperties`. A payload of 16 KiB or more must not change afterwards. */
  publish(
    topic: string,
    payload: Uint8Array,
    qos: Qos,
    retain: boolean,
    packetId = 0,
    properties: Uint8Array = none,
    dup = false,
  ): boolean {
    const first = (packetType.publish << 4) | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0);
    return (
      this.#publish(first, topic, topic.length, payload, packetId, properties) ??
      this.#publish(first, topic, Buffer.byteLength(topic), payload, packetId, properties)!
    );
  }

  /** Writes a PUBLISH that was encoded once for many (`encodePublish`), of this writer's level. */
  template({ bytes, headBytes, packetIdAt }: PublishTemplate, packetId = 0, dup = false): boolean {
    if (bytes.length > this.maxPacketBytes) return false;
    const batch = this.#batch;
    if (packetIdAt === 0) {
      batch.add(bytes);
      return true;
    }
    const whole = bytes.length < leastReferencedBytes;
    const copied = whole ? bytes.length : headBytes;
    batch.room(copied);
    const { at } = batch;
    batch.bytes.set(whole ? bytes : bytes.subarray(0, headBytes), at);
    if (dup) batch.bytes[at]! |= 8;
    batch.bytes[at + packetIdAt] = packetId >> 8;
    batch.bytes[at + packetIdAt + 1] = packetId;
    batch.at = at + copied;
    if (!whole) batch.add(bytes.subarray(headBytes));
    return true;
  }

  puback(packetId: number, reasonCode = 0, properties?: Properties): boolean {
    return this.#answer(packetType.puback << 4, packetId, reasonCode, properties);
  }

  pubrec(packetId: number, reasonCode = 0, properties?: Properties): boolean {
    return this.#answer(packetType.pubrec << 4, packetId, reasonCode, properties);
  }

  pubrel(packetId: number, reasonCode = 0, properties?: Properties): boolean {
    return this.#answer((packetType.pubrel << 4) | 2, packetId, reasonCode, properties);
  }

  pubcomp(packetId: number, reasonCode = 0, properties?: Properties): boolean {
    return this.#answer(packetType.pubcomp << 4, packetId, reasonCode, properties);
  }

  /** Every other packet. Where an answer is too large, it goes without its explanations (MQTT 5.0 section 3.2.2.3.9). */
  packet(packet: Packet): boolean {
    const bytes = this.#fitting(packet);
    if (bytes === undefined) return false;
    this.#batch.add(bytes);
    return true;
  }

  /** Whether `packet` would write it. */
  fits(packet: Packet): boolean {
    return this.#fitting(packet) !== undefined;
  }

  #fitting(packet: Packet): Buffer | undefined {
    const bytes = encodePacket(packet, packet.type === 'connect' ? packet.level : this.level);
    if (bytes.length <= this.maxPacketBytes) return bytes;
    const brief = briefly(packet);
    const briefBytes = brief === undefined ? bytes : encodePacket(brief, this.level);
    return briefBytes.length <= this.maxPacketBytes ? briefBytes : undefined;
  }

  /** Undefined when the topic takes another number of bytes than said. */
  #publish(
    first: number,
    topic: string,
    topicBytes: number,
    payload: Uint8Array,
    packetId: number,
    properties: Uint8Array,
  ): boolean | undefined {
    if (topicBytes > 0xffff) throw new RangeError('the topic is longer than 65,535 bytes');
    const { level } = this;
    const batch = this.#batch;
    const qos = ((first >> 1) & 3) as Qos;
    const body = publishBodyBytes(level, topicBytes, payload.length, qos, properties.length);
    const totalBytes = 1 + varintLength(body) + body;
    if (totalBytes > this.maxPacketBytes) return false;
    const inPlace = payload.length < leastReferencedBytes;
    batch.room(inPlace ? totalBytes : totalBytes - payload.length);
    const { bytes } = batch;
    let at = batch.at;
    bytes[at] = first;
    at = putVarint(bytes, at + 1, body);
    bytes[at] = topicBytes >> 8;
    bytes[at + 1] = topicBytes;
    at += 2;
    if (topicBytes !== topic.length) bytes.write(topic, at);
    else if (!putAscii(bytes, at, topic)) return undefined;
    at += topicBytes;
    if (qos > 0) {
      bytes[at] = packetId >> 8;
      bytes[at + 1] = packetId;
      at += 2;
    }
    if (level === 5) {
      at = putVarint(bytes, at, properties.length);
      if (properties.length > 0) bytes.set(properties, at);
      at += properties.length;
    }
    if (inPlace) {
      bytes.set(payload, at);
      batch.at = at + payload.length;
    } else {
      batch.at = at;
      batch.add(payload);
    }
    return true;
  }

  /** Leaves out what says nothing, and explanations that do not fit: reason code 0 without properties, and no properties (MQTT 5.0 section 3.4.2). */
  #answer(first: number, packetId: number, reasonCode: number, properties: Properties | undefined): boolean {
    const own = this.level < 5 || properties === undefined ? none : encodeProperties(properties);
    const withReason = this.level === 5 && (reasonCode !== 0 || own.length > 0);
    const body = 2 + (withReason ? 1 : 0) + (own.length === 0 ? 0 : varintLength(own.length) + own.length);
    const totalBytes = 1 + varintLength(body) + body;
    if (totalBytes > this.maxPacketBytes) return own.length > 0 && this.#answer(first, packetId, reasonCode, undefined);
    const batch = this.#batch;
    batch.room(totalBytes, true);
    const { bytes } = batch;
    let at = batch.at;
    bytes[at] = first;
    at = putVarint(bytes, at + 1, body);
    bytes[at] = packetId >> 8;
    bytes[at + 1] = packetId;
    at += 2;
    if (withReason) {
      bytes[at] = reasonCode;
      at += 1;
    }
    if (own.length > 0) {
      at = putVarint(bytes, at, own.length);
      bytes.set(own, at);
      at += own.length;
    }
    batch.at = at;
    return true;
  }
}

/** An answer without reason string and user properties; undefined for what they belong to. */
function briefly(packet: Packet): Packet | undefined {
  if (packet.type === 'pingreq' || packet.type === 'pingresp') return undefined;
  if (packet.type === 'connect' || packet.type === 'subscribe' || packet.type === 'unsubscribe') return undefined;
  const { reasonString, userProperties, ...properties } = packet.properties;
  return reasonString === undefined && userProperties === undefined ? undefined : { ...packet, properties };
}

function putAscii(bytes: Buffer, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return false;
    bytes[at + index] = code;
  }
  return true;
}
