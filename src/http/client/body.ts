import { pipeline, type Readable } from 'node:stream';
import { Fault } from '../../fault.ts';
import { decoders } from '../decoders.ts';
import { Deadline } from './deadline.ts';
import { exchangeFault, ExchangeFailure, type Head } from './exchange.ts';

/** What we can undo, best first. */
export const ENCODINGS = 'br, zstd, gzip, deflate';

/** The body as it was before it was compressed (RFC 9110, 8.4). A coding we do not know is left as it is. */
export function decoded({ headers, body, status }: Head, method: string): { body: Readable; encoded: boolean } {
  const codings = (headers['content-encoding'] ?? '').split(',').map((coding) => coding.trim().toLowerCase());
  const layers = codings.filter((coding) => coding !== '' && coding !== 'identity');
  const makers = layers.map((coding) => decoders.get(coding));
  const hasBody = method !== 'HEAD' && status !== 204 && status !== 304;
  // More than two layers help nobody but who wants to keep us busy.
  if (!hasBody || layers.length === 0 || layers.length > 2 || makers.some((make) => make === undefined)) {
    return { body, encoded: false };
  }
  let plain: Readable = body;
  for (const make of makers.toReversed()) {
    const decoder = make!();
    plain = pipeline(plain, decoder, () => undefined);
    // Who reads it is told; a body that is given up has nobody to tell.
    plain.on('error', () => undefined);
  }
  return { body: plain, encoded: true };
}

/** What to read of a response, and how far. */
export interface Reading {
  readonly head: Head;
  readonly body: Readable;
  readonly url: string;
  /** Longest pause within it. */
  readonly pauseMs: number;
}

/** All of a body. Rejects with ExchangeFailure: RESPONSE_TOO_LARGE, or what ended it early. */
export function readWhole({ head, body, url, pauseMs }: Reading, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const patience = new Deadline(pauseMs, () => fail(pausedTooLong(url, pauseMs), true));
    let settled = false;
    const fail = (fault: Fault, passing: boolean): void => {
      settled = true;
      patience.stop();
      reject(new ExchangeFailure(fault, 'unknown', { passing }));
      head.discard();
    };
    const onError = (error: Error): void => {
      if (settled) return;
      const cause = head.cause() ?? error;
      fail(bodyFault(url, cause), !isZlibError(cause));
    };
    body.on('data', (chunk: Buffer) => {
      patience.again();
      sizeBytes += chunk.length;
      if (sizeBytes > limitBytes) fail(new Fault('RESPONSE_TOO_LARGE', { url, limitBytes }), false);
      else chunks.push(chunk);
    });
    body.on('end', () => {
      const breach = breachOf(head, body, sizeBytes);
      if (breach !== undefined) return fail(new Fault('RESPONSE_INVALID', { url, problem: breach }), true);
      settled = true;
      patience.stop();
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
    });
    body.on('error', onError);
    body.on('close', () => {
      if (!settled) onError(new Error('it broke off'));
    });
  });
}

/** A body chunk by chunk, as fast as they are asked for. Throws the fault that ends it early; who stops asking gives it up. */
export async function* readChunks({ head, body, url, pauseMs }: Reading): AsyncGenerator<Buffer, undefined> {
  const wait = (): Deadline => new Deadline(pauseMs, () => void body.destroy(pausedTooLong(url, pauseMs)));
  let patience = wait();
  let sizeBytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      patience.stop();
      sizeBytes += chunk.length;
      yield chunk;
      patience = wait();
    }
    const breach = breachOf(head, body, sizeBytes);
    if (breach !== undefined) throw new Fault('RESPONSE_INVALID', { url, problem: breach });
  } catch (error) {
    throw error instanceof Error ? bodyFault(url, head.cause() ?? error) : error;
  } finally {
    patience.stop();
    if (!body.readableEnded) head.discard();
  }
  return undefined;
}

const pausedTooLong = (url: string, afterMs: number): Fault =>
  new Fault('REQUEST_TIMED_OUT', { url, waitedFor: 'more of the response', afterMs });

/** Why a body that has ended is not whole. */
function breachOf(head: Head, body: Readable, sizeBytes: number): string | undefined {
  const breach = head.breach();
  if (breach !== undefined) return breach;
  const announced = head.headers['content-length'];
  if (announced === undefined || body !== head.body || sizeBytes === 0) return undefined;
  return Number(announced) === sizeBytes ? undefined : `${sizeBytes} of ${announced} bytes came`;
}

/** The fault for a body that ended with an error. */
function bodyFault(url: string, error: Error): Fault {
  if (!isZlibError(error)) return exchangeFault(url, error);
  return new Fault(
    'RESPONSE_INVALID',
    { url, problem: `it cannot be decompressed (${error.message})` },
    { cause: error },
  );
}

/** Errors of node:zlib carry the number of the library's error. */
const isZlibError = (error: Error): boolean =>
  'errno' in error && 'code' in error && /^(Z_|ERR_|ZSTD_)/.test(String(error.code));
