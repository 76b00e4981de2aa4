/**
 * The few MQTT bytes a load generator needs, written on their own: what measures our codec must not share its mistakes.
 * MQTT 3.1.1 (level 4) and 5 (level 5).
 */
export type Level = 4 | 5;
export type Qos = 0 | 1 | 2;

/** First bytes of the packets we send or look at, flags included where the standard fixes them (MQTT 5.0, 2.1.3). */
export const FIRST = {
  connect: 0x10,
  connack: 0x20,
  publish: 0x30,
  puback: 0x40,
  pubrec: 0x50,
  pubrel: 0x62,
  pubcomp: 0x70,
  subscribe: 0x82,
  suback: 0x90,
  unsubscribe: 0xa2,
  unsuback: 0xb0,
  pingreq: 0xc0,
  pingresp: 0xd0,
  disconnect: 0xe0,
} as const;

export interface ConnectForm {
  readonly level: Level;
  readonly clientId: string;
  /** False keeps the session when the connection ends. */
  readonly clean: boolean;
  readonly keepAliveSeconds: number;
}

export function connectBytes({ level, clientId, clean, keepAliveSeconds }: ConnectForm): Buffer {
  const properties = level === 5 ? [clean ? Buffer.of(0) : Buffer.of(5, 0x11, 0, 0, 0x0e, 0x10)] : [];
  const flags = clean ? 0x02 : 0;
  const head = Buffer.concat([text('MQTT'), Buffer.of(level, flags), uint16(keepAliveSeconds)]);
  return packet(FIRST.connect, head, ...properties, text(clientId));
}

export function connackBytes(level: Level): Buffer {
  return packet(FIRST.connack, Buffer.of(0, 0), ...noProperties(level));
}

export function subscribeBytes(level: Level, id: number, filters: readonly string[], qos: Qos): Buffer {
  const entries = filters.flatMap((filter) => [text(filter), Buffer.of(qos)]);
  return packet(FIRST.subscribe, uint16(id), ...noProperties(level), ...entries);
}

/** The answer to SUBSCRIBE and UNSUBSCRIBE; a 3.1.1 UNSUBACK has no codes. */
export function grantBytes(level: Level, first: number, id: number, codes: readonly number[]): Buffer {
  const hasCodes = first === FIRST.suback || level === 5;
  return packet(first, uint16(id), ...noProperties(level), Buffer.from(hasCodes ? codes : []));
}

export interface PublishForm {
  readonly level: Level;
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  readonly retain?: boolean;
}

/** A PUBLISH and where its packet id and payload stand in it. The id of one with QoS 0 has no place: 0. */
export interface PublishTemplate {
  readonly bytes: Buffer;
  readonly idAt: number;
  readonly payloadAt: number;
}

export function publishTemplate({ level, topic, payload, qos, retain = false }: PublishForm): PublishTemplate {
  const id = qos === 0 ? [] : [uint16(1)];
  const first = FIRST.publish | (qos << 1) | (retain ? 1 : 0);
  const bytes = packet(first, text(topic), ...id, ...noProperties(level), payload);
  const payloadAt = bytes.length - payload.length;
  return { bytes, payloadAt, idAt: qos === 0 ? 0 : payloadAt - (level === 5 ? 3 : 2) };
}

/** What a CONNECT says that a sender must keep to. */
export function readConnect(body: Buffer): { level: Level; receiveMaximum: number } {
  const nameLength = body.readUInt16BE(0);
  const level = body[2 + nameLength] === 5 ? 5 : 4;
  const properties = level === 5 ? propertiesAt(body, nameLength + 6) : Buffer.alloc(0);
  return { level, receiveMaximum: receiveMaximumIn(properties) };
}

/** Packet id and filters of a SUBSCRIBE or UNSUBSCRIBE. */
export function readFilters(body: Buffer, level: Level, first: number): { id: number; filters: string[] } {
  const filters: string[] = [];
  let at = 2;
  if (level === 5) at += lengthAt(body, 2).end - 2 + propertiesAt(body, 2).length;
  while (at < body.length) {
    const length = body.readUInt16BE(at);
    filters.push(body.toString('utf8', at + 2, at + 2 + length));
    at += 2 + length + (first === FIRST.subscribe ? 1 : 0);
  }
  return { id: body.readUInt16BE(0), filters };
}

/** A variable byte integer and the place behind it. */
export function lengthAt(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  let end = at;
  for (let shift = 0; shift <= 21; shift += 7) {
    const byte = bytes[end++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return { value, end };
}

function propertiesAt(body: Buffer, at: number): Buffer {
  const { value, end } = lengthAt(body, at);
  return body.subarray(end, end + value);
}

const FIXED_SIZES: Readonly<Record<number, number>> = { 0x11: 4, 0x17: 1, 0x19: 1, 0x21: 2, 0x22: 2, 0x27: 4 };

/** Receive Maximum among the properties of CONNECT (MQTT 5.0, 3.1.2.11.3); 65,535 when it is not there. */
function receiveMaximumIn(properties: Buffer): number {
  let at = 0;
  while (at < properties.length) {
    const name = properties[at++] ?? 0;
    if (name === 0x21) return properties.readUInt16BE(at);
    const size = FIXED_SIZES[name];
    const texts = name === 0x26 ? 2 : 1;
    if (size !== undefined) at += size;
    else for (let index = 0; index < texts; index += 1) at += 2 + properties.readUInt16BE(at);
  }
  return 65_535;
}

function packet(first: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  let rest = body.length;
  do {
    const digit = rest & 0x7f;
    rest >>>= 7;
    length.push(rest > 0 ? digit | 0x80 : digit);
  } while (rest > 0);
  return Buffer.concat([Buffer.of(first, ...length), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint16(bytes.length), bytes]);
}

function uint16(value: number): Buffer {
  return Buffer.of(value >>> 8, value & 0xff);
}

const noProperties = (level: Level): Buffer[] => (level === 5 ? [Buffer.of(0)] : []);
