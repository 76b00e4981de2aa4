import { PacketReader } from './packet-reader.ts';
import type { Properties } from './properties.ts';
import { propertyById, type PropertyRow } from './property-table.ts';

type Pair = readonly [name: string, value: string];

/** Properties of bytes that were checked before (`check-properties.ts`). */
export function readProperties(bytes: Buffer, start: number, end: number): Properties {
  const reader = new PacketReader(bytes, start, end);
  const values: Partial<Record<keyof Properties, unknown>> = {};
  const userProperties: Pair[] = [];
  const subscriptionIdentifiers: number[] = [];
  while (!reader.done) {
    const row = propertyById(reader.byte());
    if (row === undefined) break;
    if (row.kind === 'pair') userProperties.push([reader.string(), reader.string()]);
    else if (row.kind === 'varint') subscriptionIdentifiers.push(reader.varint());
    else values[row.name] = readValue(reader, row);
  }
  if (userProperties.length > 0) values.userProperties = userProperties;
  if (subscriptionIdentifiers.length > 0) values.subscriptionIdentifiers = subscriptionIdentifiers;
  return values as Properties;
}

function readValue(reader: PacketReader, { name, kind }: PropertyRow): unknown {
  switch (kind) {
    case 'flag':
      return name === 'maximumQos' ? reader.byte() : reader.byte() === 1;
    case 'uint16':
      return reader.uint16();
    case 'uint32':
      return reader.uint32();
    case 'string':
      return reader.string();
    case 'binary':
      return reader.binary();
    case 'varint':
    case 'pair':
      return undefined;
  }
}
