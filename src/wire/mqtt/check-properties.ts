import type { PacketReader } from './packet-reader.ts';
import { holderBit, propertyById, type PropertyHolder, type PropertyRow } from './property-table.ts';
import { reasonCode } from './reason-codes.ts';
import { isMqttString } from './utf8.ts';

/** What a look over properties found besides problems. Reused: read it at once. */
export const found = { topicAlias: 0, subscriptionIdentifiers: 0 };

/** Goes over the length and the properties at the reader, and leaves them behind; the reader's `problem` tells what is wrong. Gives the first byte after the length. */
export function checkProperties(reader: PacketReader, holder: PropertyHolder): number {
  found.topicAlias = 0;
  found.subscriptionIdentifiers = 0;
  const length = reader.varint();
  const start = reader.at;
  const end = start + length;
  if (end > reader.end) reader.fail(reasonCode.malformedPacket, 'the properties are longer than the packet');
  const packetEnd = reader.end;
  // What follows the properties is no part of the last one, and does not decide what is wrong with it.
  reader.end = end;
  let seen = 0;
  let seenHigh = 0;
  while (reader.problem === undefined && reader.at < end) {
    const id = reader.byte();
    const row = propertyById(id);
    if (row === undefined) reader.fail(reasonCode.malformedPacket, 'a property is not known');
    else if ((row.holders & holderBit[holder]) === 0) {
      reader.fail(reasonCode.malformedPacket, `the property ${row.name} does not belong here`);
    } else {
      const bit = 1 << (id & 31);
      const again = id < 32 ? (seen & bit) !== 0 : (seenHigh & bit) !== 0;
      if (again && !mayRepeat(row, holder))
        reader.fail(reasonCode.protocolError, `the property ${row.name} comes twice`);
      if (id < 32) seen |= bit;
      else seenHigh |= bit;
      checkValue(reader, row);
    }
  }
  reader.end = packetEnd;
  if ((seen & (1 << 0x16)) !== 0 && (seen & (1 << 0x15)) === 0) {
    reader.fail(reasonCode.protocolError, 'authentication data without a method');
  }
  return start;
}

function mayRepeat(row: PropertyRow, holder: PropertyHolder): boolean {
  return row.kind === 'pair' || (row.kind === 'varint' && holder === 'publish');
}

function checkValue(reader: PacketReader, row: PropertyRow): void {
  switch (row.kind) {
    case 'flag':
      if (reader.byte() > 1) reader.fail(reasonCode.protocolError, `the property ${row.name} is neither 0 nor 1`);
      return;
    case 'uint16':
      checkNumber(reader, row, reader.uint16());
      return;
    case 'uint32':
      checkNumber(reader, row, reader.uint32());
      return;
    case 'varint':
      checkNumber(reader, row, reader.varint());
      found.subscriptionIdentifiers += 1;
      return;
    case 'binary':
      skip(reader);
      return;
    case 'string':
      checkText(reader, row);
      return;
    case 'pair':
      checkText(reader, row);
      checkText(reader, row);
      return;
  }
}

function checkNumber(reader: PacketReader, { name, notZero }: PropertyRow, value: number): void {
  if (name === 'topicAlias') {
    found.topicAlias = value;
    if (value === 0) reader.fail(reasonCode.topicAliasInvalid, 'the topic alias is 0');
  } else if (notZero && value === 0) reader.fail(reasonCode.protocolError, `the property ${name} is 0`);
}

function checkText(reader: PacketReader, { name }: PropertyRow): void {
  const start = skip(reader);
  if (reader.problem !== undefined) return;
  if (!isMqttString(reader.bytes, start, reader.at)) {
    reader.fail(reasonCode.malformedPacket, `the property ${name} is not UTF-8 or has a NUL character`);
  }
  if (name === 'responseTopic' && !isTopicName(reader.bytes, start, reader.at)) {
    reader.fail(reasonCode.protocolError, 'the response topic is empty or has a wildcard');
  }
}

function skip(reader: PacketReader): number {
  const length = reader.uint16();
  const start = reader.at;
  if (length > reader.end - start) reader.fail(reasonCode.malformedPacket, 'the packet is shorter than its content');
  else reader.at += length;
  return start;
}

function isTopicName(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) if (bytes[index] === 0x23 || bytes[index] === 0x2b) return false;
  return end > start;
}
