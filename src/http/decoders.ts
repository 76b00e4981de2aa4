import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { Fault } from '../fault.ts';

/** What undoes each content coding (RFC 9110, 8.4.1), by its name in lower case. */
export const decoders: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', createZstdDecompress],
]);

/** What undoes a content coding; undefined when there is none. Throws ENCODING_REFUSED for one we do not know. */
export function decoderFor(encoding: string | undefined): Transform | undefined {
  const coding = encoding?.toLowerCase();
  if (coding === undefined || coding === 'identity') return undefined;
  const make = decoders.get(coding);
  if (make === undefined) throw new Fault('ENCODING_REFUSED', { encoding: coding });
  return make();
}
