import type { Decoded } from '../../../src/endpoint/frame.ts';
import { FrameSplitter } from '../../../src/endpoints/peer/frame-splitter.ts';

export const FROM = 'somebody';

/** A splitter, and what it has given so far. */
export function collecting(maxPayloadBytes: number): { readonly frames: Decoded[]; readonly splitter: FrameSplitter } {
  const frames: Decoded[] = [];
  const splitter = new FrameSplitter(maxPayloadBytes, FROM, {
    data: (id, message) => frames.push({ type: 'data', id, message }),
    ack: (id) => frames.push({ type: 'ack', id }),
    other: (frame) => frames.push(frame),
  });
  return { frames, splitter };
}

/** A frame as it stands in the stream. */
export function withLength(frame: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(frame.length);
  return Buffer.concat([length, frame]);
}
