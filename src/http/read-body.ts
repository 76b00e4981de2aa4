import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { Fault } from '../fault.ts';
import type { Exchange } from './exchange.ts';

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

/**
 * The whole body, decompressed, once it is there. Rejects with PAYLOAD_TOO_LARGE before it is read when its length says so,
 * and else when it gets too large; a bomb is refused as soon as so much has come out of it.
 */
export function readBody(
  exchange: Exchange,
  limitBytes: number,
  take: (error: Fault | undefined, body: Buffer) => void,
): void {
  const { body, headers } = exchange;
  const announced = Number(headers['content-length'] ?? 0);
  const coding = headers['content-encoding'];
  const tooLarge = (sizeBytes: number): Fault => new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes });
  if (announced > limitBytes) return take(tooLarge(announced), none);
  const decoder = coding === undefined || coding === 'identity' ? undefined : decoders[coding.toLowerCase()];
  if (coding !== undefined && coding !== 'identity' && decoder === undefined) {
    return take(new Fault('ENCODING_REFUSED', { encoding: coding }), none);
  }
  const source = decoder === undefined ? body : body.pipe(decoder());
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let sizeBytes = 0;
  let isOver = false;
  const finish = (error: Fault | undefined): void => {
    if (isOver) return;
    isOver = true;
    source.off('data', onData);
    if (source !== body) {
      body.unpipe(source as Transform);
      source.destroy();
    }
    take(error, error !== undefined || first === undefined ? none : more === undefined ? first : Buffer.concat(more));
  };
  const onData = (chunk: Buffer): void => {
    sizeBytes += chunk.length;
    if (sizeBytes > limitBytes) return finish(tooLarge(sizeBytes));
    if (first === undefined) first = chunk;
    else (more ??= [first]).push(chunk);
  };
  const broken = (): void => finish(new Fault('MESSAGE_INVALID', { problem: 'the body is not whole' }));
  source.on('data', onData);
  source.once('end', () => (body.aborted === true ? broken() : finish(undefined)));
  source.on('error', broken);
  if (source !== body) body.on('error', broken);
  body.once('close', () => {
    // What has come whole may still be in the decoder.
    if (!body.readableEnded) broken();
  });
}

const none = Buffer.alloc(0);
