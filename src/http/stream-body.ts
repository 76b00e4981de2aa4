import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault, isFault } from '../fault.ts';
import { decoderFor } from './decoders.ts';
import type { Exchange } from './exchange.ts';
import { keptOpen } from './kept-open.ts';

export interface StreamBodyOptions {
  /** Bytes as they are sent, and after decompression. */
  readonly limitBytes: number;
  /** Called for each part. */
  readonly onPart: () => void;
  /** Called once, with what went wrong, or without when the body is whole. */
  readonly onEnd: (fault: Fault | undefined) => void;
}

/** The body of a request as a stream, decompressed. It breaks with PAYLOAD_TOO_LARGE or MESSAGE_INVALID. Throws ENCODING_REFUSED. */
export function streamBody(exchange: Exchange, { limitBytes, onPart, onEnd }: StreamBodyOptions): Readable {
  const { body, headers } = exchange;
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > limitBytes) throw new Fault('PAYLOAD_TOO_LARGE', { sizeBytes: announced, limitBytes });
  const decoder = decoderFor(headers['content-encoding']);
  const counted = counter(limitBytes, onPart);
  const run =
    decoder === undefined
      ? pipeline(keptOpen(body), counted)
      : pipeline(keptOpen(body), counter(limitBytes, onPart), decoder, counted);
  run.then(
    () => onEnd(undefined),
    (error: unknown) => onEnd(faultOf(error)),
  );
  // Whoever reads it hears what breaks; a flow that reads nothing must not end the process.
  counted.on('error', () => undefined);
  return counted;
}

/** How Node.js says that the reader of a stream let go of it before the end, which breaks nothing. */
const LET_GO = new Set<unknown>(['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

function faultOf(error: unknown): Fault | undefined {
  if (isFault(error)) return error;
  if (error instanceof Error && 'code' in error && LET_GO.has(error.code)) return undefined;
  return new Fault('MESSAGE_INVALID', { problem: 'the body cannot be decompressed' }, { cause: error });
}

function counter(limitBytes: number, onPart: () => void): Transform {
  let sizeBytes = 0;
  return new Transform({
    transform(part: Buffer, _encoding, done) {
      onPart();
      sizeBytes += part.length;
      if (sizeBytes > limitBytes) done(new Fault('PAYLOAD_TOO_LARGE', { sizeBytes, limitBytes }));
      else done(null, part);
    },
  });
}
