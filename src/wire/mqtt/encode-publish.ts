import type { ProtocolLevel, Qos } from './packet.ts';
import { putVarint, varintLength } from './packet-bytes.ts';
import { packetType } from './packet-types.ts';

/** A PUBLISH encoded once for many receivers; packet id and DUP are put in for each of them. */
export interface PublishTemplate {
  /** The whole packet. Not to be changed, nor the payload it was made from. */
  readonly bytes: Buffer;
  /** Bytes in front of the payload. */
  readonly headBytes: number;
  /** Where the packet id belongs; 0 at QoS 0. */
  readonly packetIdAt: number;
}

const none = Buffer.alloc(0);

/** Encodes a PUBLISH with packet id 0 and without DUP. `properties` come from `encodeProperties`. A topic over 65,535 bytes throws a RangeError. */
export function encodePublish(
  level: ProtocolLevel,
  topic: string,
  payload: Uint8Array,
  qos: Qos,
  retain: boolean,
  properties: Uint8Array = none,
): PublishTemplate {
  const topicBytes = Buffer.from(topic);
  const body = publishBodyBytes(level, topicBytes.length, payload.length, qos, properties.length);
  const bytes = Buffer.allocUnsafe(1 + varintLength(body) + body);
  bytes[0] = (packetType.publish << 4) | (qos << 1) | (retain ? 1 : 0);
  let at = bytes.writeUInt16BE(topicBytes.length, putVarint(bytes, 1, body));
  bytes.set(topicBytes, at);
  at += topicBytes.length;
  const packetIdAt = qos === 0 ? 0 : at;
  if (qos > 0) at = bytes.writeUInt16BE(0, at);
  if (level === 5) {
    at = putVarint(bytes, at, properties.length);
    bytes.set(properties, at);
    at += properties.length;
  }
  bytes.set(payload, at);
  return { bytes, headBytes: at, packetIdAt };
}

/** Bytes of a PUBLISH after its fixed header. */
export function publishBodyBytes(
  level: ProtocolLevel,
  topicBytes: number,
  payloadBytes: number,
  qos: Qos,
  propertyBytes: number,
): number {
  const own = level === 5 ? varintLength(propertyBytes) + propertyBytes : 0;
  return 2 + topicBytes + (qos === 0 ? 0 : 2) + own + payloadBytes;
}
