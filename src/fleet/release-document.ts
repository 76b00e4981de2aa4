import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { Fault } from '../fault.ts';
import { isRecord } from '../is-record.ts';
import type { SealedRelease } from './release.ts';

/** Largest document on the wire and on disk: with its topic it fits into one MQTT packet of 256 KiB. */
export const MAX_DOCUMENT_BYTES = 261_120;
/** Largest text a document may unfold to: a small document must not fill the memory of a host. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
const QUALITY = 9;

/** The sealed release as one JSON document, its texts compressed. Throws PAYLOAD_TOO_LARGE. */
export function encodeRelease(sealed: SealedRelease): Buffer {
  const document = Buffer.from(
    JSON.stringify({
      ...sealed,
      encoding: 'br',
      flows: pack(sealed.flows),
      ...(sealed.chart === undefined ? {} : { chart: pack(sealed.chart) }),
    }),
  );
  if (document.length > MAX_DOCUMENT_BYTES) {
    throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: document.length, limitBytes: MAX_DOCUMENT_BYTES });
  }
  return document;
}

/** Reads a document without believing it. Throws RELEASE_INVALID. */
export function decodeRelease(bytes: Uint8Array): SealedRelease {
  if (bytes.length > MAX_DOCUMENT_BYTES) throw invalid(`the document has ${bytes.length} bytes`);
  const value = attempt('the document is not JSON', () => JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown);
  if (!isRecord(value)) throw invalid('the document is not an object');
  if (value['encoding'] !== 'br') throw invalid(`encoding ${String(value['encoding'])} is not known here`);
  const text = (name: string): string => {
    const member = value[name];
    if (typeof member !== 'string') throw invalid(`${name} is not a text`);
    return member;
  };
  return {
    manifest: text('manifest'),
    digest: text('digest'),
    signature: text('signature'),
    keyId: text('keyId'),
    flows: unpack('flows', text('flows')),
    ...(value['chart'] === undefined ? {} : { chart: unpack('chart', text('chart')) }),
  };
}

function pack(text: string): string {
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }).toString('base64');
}

function unpack(name: string, packed: string): string {
  return attempt(`${name} cannot be unfolded`, () =>
    brotliDecompressSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_TEXT_BYTES }).toString('utf8'),
  );
}

function attempt<Value>(problem: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw invalid(problem, error);
  }
}

function invalid(problem: string, cause?: unknown): Fault {
  return new Fault('RELEASE_INVALID', { problem }, { cause });
}
