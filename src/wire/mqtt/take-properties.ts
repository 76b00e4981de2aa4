import { checkProperties } from './check-properties.ts';
import type { ProtocolLevel } from './packet.ts';
import type { PacketReader } from './packet-reader.ts';
import { noProperties, type Properties } from './properties.ts';
import type { PropertyHolder } from './property-table.ts';
import { readProperties } from './read-properties.ts';

/** The properties at the reader; none before level 5. */
export function takeProperties(reader: PacketReader, level: ProtocolLevel, holder: PropertyHolder): Properties {
  if (level < 5) return noProperties;
  const start = checkProperties(reader, holder);
  if (reader.problem !== undefined || reader.at === start) return noProperties;
  return readProperties(reader.bytes, start, reader.at);
}
