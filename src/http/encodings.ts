import { promisify } from 'node:util';
import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  zstdCompress,
} from 'node:zlib';
import type { Transform } from 'node:stream';

export type Coding = 'br' | 'zstd' | 'gzip';

/** Best first, for those a client likes the same. */
const CODINGS: readonly Coding[] = ['br', 'zstd', 'gzip'];
/** Levels that cost little more than they save on a fast network. */
const BROTLI_QUALITY = 4;
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } };
const brotliNow = promisify(brotliCompress);
const gzipNow = promisify(gzip);
const zstdNow = promisify(zstdCompress);

/** The coding the client likes most of ours (RFC 9110, 12.5.3); undefined: as it is. */
export function chooseCoding(accept: string | undefined): Coding | undefined {
  if (accept === undefined) return undefined;
  const wishes = new Map<string, number>();
  for (const part of accept.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    wishes.set(coding, quality === undefined ? 1 : Number(quality.slice(2)) || 0);
  }
  const wishOf = (coding: Coding): number => wishes.get(coding) ?? wishes.get('*') ?? 0;
  const best = CODINGS.toSorted((left, right) => wishOf(right) - wishOf(left))[0]!;
  return wishOf(best) > 0 && wishOf(best) >= (wishes.get('identity') ?? 0) ? best : undefined;
}

/** True for what gets smaller: text, JSON, XML, SVG and the like. */
export function isCompressible(mediaType: string): boolean {
  return /^text\/|[/+](json|xml|javascript|x-ndjson|wasm|svg\+xml)$|^application\/(json|xml|javascript)$/.test(
    mediaType,
  );
}

export function compress(coding: Coding, body: Uint8Array | string): Promise<Buffer> {
  if (coding === 'br') return brotliNow(body, brotli);
  return coding === 'zstd' ? zstdNow(body) : gzipNow(body);
}

/** A compressor for an answer in parts. Flush it after each part, or the far side waits. */
export function compressor(coding: Coding): Transform & { flush(done?: () => void): void } {
  if (coding === 'br') return createBrotliCompress({ ...brotli, flush: constants.BROTLI_OPERATION_FLUSH });
  return coding === 'zstd'
    ? createZstdCompress({ flush: constants.ZSTD_e_flush })
    : createGzip({ flush: constants.Z_SYNC_FLUSH });
}
