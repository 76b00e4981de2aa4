import type { Readable } from 'node:stream';

/** Who is given a body part by part. */
export interface BodyTaker {
  /** A part below {@link COPIED_BYTES} is a view of more: copy it to keep it. */
  take(part: Buffer): void;
  /** Called once, at the end; not whole: it was broken off. */
  end(isWhole: boolean): void;
}

/** Parts below this are copied by who keeps them: a view of them would keep all that was read with them. */
export const COPIED_BYTES = 8_192;

export const kept = (part: Buffer): Buffer => (part.length < COPIED_BYTES ? Buffer.from(part) : part);

/** Takes nothing, and lets what comes go by. */
export const nobody: BodyTaker = { take: () => undefined, end: () => undefined };

/** Gives a taker what comes out of a stream. */
export function readStream(stream: Readable, taker: BodyTaker): void {
  let isOver = false;
  const end = (isWhole: boolean): void => {
    if (isOver) return;
    isOver = true;
    stream.off('data', take);
    taker.end(isWhole);
  };
  const take = (part: Buffer): void => taker.take(part);
  stream.on('data', take);
  stream.once('end', () => end(true));
  stream.on('error', () => end(false));
  stream.once('close', () => end(stream.readableEnded));
}
