import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { Fault } from '../fault.ts';
import type { Exchange } from './exchange.ts';
import { addField, FormError, type FormFields } from './form-fields.ts';
import { keptOpen } from './kept-open.ts';
import { newUploadFolder } from './upload-folder.ts';

export interface UploadLimits {
  /** Bytes of the whole body. */
  readonly maxUploadBytes: number;
  readonly maxFiles: number;
}

/** One file of a form, on disk until the request is over; names as the core nodes have them. */
export interface UploadedFile {
  readonly fieldname: string;
  readonly originalname: string;
  readonly encoding: string;
  readonly mimetype: string;
  readonly size: number;
  readonly path: string;
  /** All of its bytes, read when asked for. */
  readonly buffer: Buffer;
}

export interface Upload {
  readonly fields: FormFields;
  readonly files: readonly UploadedFile[];
}

const MAX_FIELDS = 1_000;
const MAX_FIELD_BYTES = 65_536;

/**
 * Reads a multipart form (RFC 7578); files go to `folder` as they come, whatever their size, and are removed when the
 * exchange is over. Rejects with PAYLOAD_TOO_LARGE or MESSAGE_INVALID.
 */
export async function readUpload(exchange: Exchange, folder: string, limits: UploadLimits): Promise<Upload> {
  const { body, headers } = exchange;
  const { maxUploadBytes: limitBytes, maxFiles } = limits;
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > limitBytes) throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: announced, limitBytes });
  const own = await newUploadFolder(folder);
  exchange.onOver(() => void own.remove().catch(ignore));
  const fields: FormFields = {};
  const files: Promise<UploadedFile>[] = [];
  let problem: Fault | undefined;
  const refuse = (fault: Fault): void => {
    problem ??= fault;
    form.destroy(fault);
  };
  const invalid = (what: string): Fault => new Fault('MESSAGE_INVALID', { problem: what });
  const form = newForm(headers as BusboyHeaders, maxFiles);
  const stop = new AbortController();
  form.on('file', (fieldname, stream, originalname, encoding, mimetype) => {
    const said = { fieldname, originalname, encoding, mimetype };
    const written = store(stream, join(own.path, String(files.length)), said, stop.signal);
    written.catch(ignore);
    files.push(written);
  });
  form.on('field', (name, value, _nameCut, isCut) => {
    if (isCut) refuse(invalid(`the field ${name} is longer than ${MAX_FIELD_BYTES} bytes`));
    else addSafely(name, value);
  });
  form.on('filesLimit', () => refuse(invalid(`there are more than ${maxFiles} files`)));
  form.on('fieldsLimit', () => refuse(invalid(`there are more than ${MAX_FIELDS} fields`)));
  let sizeBytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) done(new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes }));
      else done(null, chunk);
    },
  });
  try {
    await pipeline(keptOpen(body), counter, form);
    return { fields, files: await Promise.all(files) };
  } catch (error) {
    // A form that breaks off leaves the file it was in as it stands: neither ended nor closed.
    stop.abort();
    if (problem !== undefined) throw problem;
    throw error instanceof Fault
      ? error
      : new Fault('MESSAGE_INVALID', { problem: 'the form is not whole' }, { cause: error });
  }

  function addSafely(name: string, value: string): void {
    try {
      addField(fields, name, value);
    } catch (error) {
      if (error instanceof FormError) refuse(invalid(error.message));
      else throw error;
    }
  }
}

function newForm(headers: BusboyHeaders, files: number): BusboyInstance {
  try {
    return new Busboy({
      headers,
      limits: { files, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, fieldNameSize: 200, headerPairs: 32 },
    });
  } catch (error) {
    throw new Fault('MESSAGE_INVALID', { problem: 'the form has no boundary' }, { cause: error });
  }
}

async function store(
  stream: BusboyFileStream,
  path: string,
  said: Pick<UploadedFile, 'fieldname' | 'originalname' | 'encoding' | 'mimetype'>,
  signal: AbortSignal,
): Promise<UploadedFile> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await pipeline(stream, file, { signal });
  const stored = { ...said, size: file.bytesWritten, path };
  return Object.defineProperty(stored, 'buffer', { get: () => readFileSync(path) }) as UploadedFile;
}

function ignore(): void {}
