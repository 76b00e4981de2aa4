import { noProperties, type Properties } from './properties.ts';
import { propertyRows, type PropertyRow } from './property-table.ts';
import { PacketBytes } from './packet-bytes.ts';

const none = Buffer.alloc(0);
const rowsByName: ReadonlyMap<string, PropertyRow> = new Map(propertyRows.map((row) => [row.name, row]));

/** The properties without their length in front, ready for a PUBLISH; empty when there are none. Values have to fit their fields. */
export function encodeProperties(properties: Properties): Buffer {
  if (properties === noProperties) return none;
  const bytes = new PacketBytes(64);
  for (const name of Object.keys(properties)) {
    const row = rowsByName.get(name);
    if (row !== undefined && properties[row.name] !== undefined) putProperty(bytes, row, properties);
  }
  return bytes.length === 0 ? none : bytes.take();
}

function putProperty(bytes: PacketBytes, { id, name, kind }: PropertyRow, properties: Properties): void {
  switch (kind) {
    case 'pair':
      for (const [key, value] of properties.userProperties ?? []) bytes.byte(id).string(key).string(value);
      return;
    case 'varint':
      for (const identifier of properties.subscriptionIdentifiers ?? []) bytes.byte(id).varint(identifier);
      return;
    case 'flag':
      bytes.byte(id).byte(Number(properties[name]));
      return;
    case 'uint16':
      bytes.byte(id).uint16(Number(properties[name]));
      return;
    case 'uint32':
      bytes.byte(id).uint32(Number(properties[name]));
      return;
    case 'string':
      bytes.byte(id).string(String(properties[name]));
      return;
    case 'binary':
      bytes.byte(id).binary(properties[name] as Uint8Array);
      return;
  }
}
