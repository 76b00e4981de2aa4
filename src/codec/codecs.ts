import { MIMEType } from 'node:util';
import { defaultCodecLimits, type Codec, type CodecLimits, type Decoded, type Encoded } from './codec.ts';
import { json } from './json.ts';

/** Every codec there is; a new one is its file and its place here. */
export const codecs: readonly Codec[] = [json];

/** Encodes by content type. Problems: unknown content type, no such form, size, depth. */
export function encode(value: unknown, contentType: string, limits: CodecLimits = defaultCodecLimits): Encoded {
  const codec = codecFor(contentType);
  return typeof codec === 'string' ? { problem: codec } : codec.encode(value, limits);
}

/** Decodes by content type. Problems: unknown content type or charset, size, depth, syntax. */
export function decode(bytes: Uint8Array, contentType: string, limits: CodecLimits = defaultCodecLimits): Decoded {
  const codec = codecFor(contentType);
  return typeof codec === 'string' ? { problem: codec } : codec.decode(bytes, limits);
}

/** What is wrong with a content type, or undefined when a codec reads it. */
export function contentTypeProblem(contentType: string): string | undefined {
  const codec = codecFor(contentType);
  return typeof codec === 'string' ? codec : undefined;
}

/** The few content types of a flow come again with every message. */
const MAX_KEPT = 256;
const kept = new Map<string, Codec | string>();

function codecFor(contentType: string): Codec | string {
  const found = kept.get(contentType);
  if (found !== undefined) return found;
  const codec = lookUp(contentType);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(contentType, codec);
  return codec;
}

function lookUp(contentType: string): Codec | string {
  let type: MIMEType;
  try {
    type = new MIMEType(contentType);
  } catch {
    return `${JSON.stringify(contentType.slice(0, 80))} is not a content type`;
  }
  const charset = type.params.get('charset')?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'us-ascii')
    return `charset ${charset} is not known (use utf-8)`;
  const codec = codecs.find(
    ({ contentType, suffix }) =>
      type.essence === contentType || (suffix !== undefined && type.subtype.endsWith(`+${suffix}`)),
  );
  return (
    codec ??
    `content type ${type.essence} is not known (known: ${codecs.map(({ contentType }) => contentType).join(', ')})`
  );
}
