/** MQTT packets as bytes, valid in form and with whatever names a hostile client puts in (MQTT 3.1.1 and 5, section 3). */
export type Version = 4 | 5;

export function connectPacket(version: Version, clientId: string): Buffer {
  return packet(0x10, [text('MQTT'), byte(version, 0x02, 0, 60), properties(version), text(clientId)]);
}

export function subscribePacket(version: Version, filters: readonly string[]): Buffer {
  return packet(0x82, [byte(0, 1), properties(version), ...filters.flatMap((filter) => [text(filter), byte(1)])]);
}

export function unsubscribePacket(version: Version, filters: readonly string[]): Buffer {
  return packet(0xa2, [byte(0, 1), properties(version), ...filters.map(text)]);
}

/** Retained, QoS 2. */
export function publishPacket(version: Version, topic: string): Buffer {
  return packet(0x35, [text(topic), byte(0, 1), properties(version), Buffer.from('x')]);
}

export function disconnectPacket(): Buffer {
  return packet(0xe0, []);
}

function packet(head: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest % 128) + (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([byte(head, ...length), body]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([byte(bytes.length >> 8, bytes.length & 0xff), bytes]);
}

function properties(version: Version): Buffer {
  return version === 5 ? byte(0) : byte();
}

function byte(...values: number[]): Buffer {
  return Buffer.from(values);
}
