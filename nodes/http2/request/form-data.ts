import { randomBytes } from 'node:crypto';
import { isRecord } from '../../../src/is-record.ts';

/**
 * An object as a form (RFC 7578): text and buffers as they are; `{ value, options: { filename, contentType } }` as a file; a
 * list as several entries of that name; anything else as JSON.
 */
export function formData(fields: Readonly<Record<string, unknown>>): { body: Buffer; contentType: string } {
  const boundary = `chartwire-${randomBytes(16).toString('hex')}`;
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    (isFileList(value) ? value : [value])
      .filter((entry) => entry !== undefined && entry !== null)
      .map((entry) => partOf(boundary, name, entry)),
  );
  const body = Buffer.concat([...parts.flat(), Buffer.from(`--${boundary}--\r\n`)]);
  return { body, contentType: `multipart/form-data; boundary=${boundary}` };
}

function partOf(boundary: string, name: string, entry: unknown): Uint8Array[] {
  const file = isRecord(entry) && Object.hasOwn(entry, 'value') ? entry : undefined;
  const options = typeof file?.['options'] === 'string' ? { filename: file['options'] } : file?.['options'];
  const { filename, contentType } = isRecord(options) ? options : {};
  const content = file === undefined ? entry : file['value'];
  const lines = [
    `--${boundary}`,
    `Content-Disposition: form-data; name="${escaped(name)}"${typeof filename === 'string' ? `; filename="${escaped(filename)}"` : ''}`,
    ...typeLines(contentType, typeof filename === 'string'),
  ];
  return [Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytesOf(content), Buffer.from('\r\n')];
}

function typeLines(contentType: unknown, isFile: boolean): string[] {
  if (typeof contentType === 'string' && !/[\r\n]/.test(contentType)) return [`Content-Type: ${contentType}`];
  return isFile ? ['Content-Type: application/octet-stream'] : [];
}

function bytesOf(content: unknown): Uint8Array {
  if (content instanceof Uint8Array) return content;
  return Buffer.from(typeof content === 'string' ? content : (JSON.stringify(content) ?? ''));
}

const isFileList = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.some((entry) => isRecord(entry) && Object.hasOwn(entry, 'value'));

/** As browsers do it (HTML standard, 4.10.22.8): a name cannot end its quotes or its line. */
const escaped = (text: string): string => text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
