import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { encodeFrame, type Decoded } from '../../../src/endpoint/frame.ts';
import { FrameSplitter } from '../../../src/endpoints/peer/frame-splitter.ts';

const MAX_PAYLOAD_BYTES = 100;

describe('FrameSplitter', () => {
  it('finds the same frames however the stream is cut', () => {
    const sizes = fc.array(fc.nat({ max: 300 }), { maxLength: 20 });
    const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, cuts, (payloadSizes, chunkSizes) => {
        // Above the limit of payload and header together a frame is skipped.
        const frames = payloadSizes.map((size, index) => ({ id: index + 1, size: size > 200 ? 20_000 + size : size }));
        const stream = Buffer.concat(frames.flatMap(({ id, size }) => lengthAndFrame(id, size)));
        assert.deepEqual(split(stream, chunkSizes), split(stream, [stream.length || 1]));
        assert.deepEqual(
          split(stream, chunkSizes).map(summary),
          frames.map(({ id, size }) => `${size > MAX_PAYLOAD_BYTES ? 'oversize' : `data of ${size}`} ${id}`),
        );
      }),
    );
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
        const splitter = new FrameSplitter(MAX_PAYLOAD_BYTES);
        for (const chunk of chunks)
          for (const frame of splitter.push(Buffer.from(chunk))) if (frame.type === 'malformed') return;
      }),
    );
  });
});

function split(stream: Buffer, chunkSizes: readonly number[]): Decoded[] {
  const splitter = new FrameSplitter(MAX_PAYLOAD_BYTES);
  const frames: Decoded[] = [];
  let at = 0;
  for (let turn = 0; at < stream.length; turn += 1) {
    const end = at + chunkSizes[turn % chunkSizes.length]!;
    // A copy, as a socket gives: nothing behind it can be read by accident.
    frames.push(...splitter.push(Buffer.from(stream.subarray(at, end))));
    at = end;
  }
  return frames;
}

function lengthAndFrame(id: number, size: number): Buffer[] {
  const frame = encodeFrame({ type: 'data', id, message: { topic: 't', payload: Buffer.alloc(size, id) } });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(frame.length);
  return [length, frame];
}

function summary(frame: Decoded): string {
  if (frame.type === 'data') return `data of ${frame.message.payload.byteLength} ${frame.id}`;
  return frame.type === 'malformed' ? frame.problem : `${frame.type} ${frame.id}`;
}
