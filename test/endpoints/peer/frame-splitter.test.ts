import assert from 'node:assert/strict';
import { queryObjects } from 'node:v8';
import * as fc from 'fast-check';
import { encodeFrame, type Decoded } from '../../../src/endpoint/frame.ts';
import type { Message } from '../../../src/endpoint/message.ts';
import { FrameSplitter } from '../../../src/endpoints/peer/frame-splitter.ts';
import { collecting, FROM, withLength } from './collecting.ts';

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

  it('takes what has the header of the message before for what all checks would make of it', () => {
    const messages: Message[] = [
      { topic: 't', payload: Buffer.from('1') },
      { topic: 't', payload: Buffer.from('2') },
      { topic: 'u', payload: Buffer.from('3') },
      { topic: 'u', payload: Buffer.from('4'), properties: { a: 'b' } },
      { topic: 'u', payload: Buffer.from('5'), properties: { a: 'b' } },
      { topic: 'u', payload: Buffer.from('6'), properties: { a: 'c' } },
      { topic: 'u', payload: Buffer.from('7'), properties: { long: 'x'.repeat(300) } },
      { topic: 'u', payload: Buffer.from('8'), contentType: 'text/plain' },
    ];
    const { frames, splitter } = collecting(MAX_PAYLOAD_BYTES);
    messages.forEach((message, id) => splitter.push(withLength(encodeFrame({ type: 'data', id, message }))));
    const expected = messages.map((message, id) => ({ type: 'data', id, message: { ...message, from: FROM } }));
    assert.deepEqual(frames, expected);
  });

  it('gives nothing more once it is stopped, not even from the same chunk', () => {
    const ids: number[] = [];
    const splitter = new FrameSplitter(MAX_PAYLOAD_BYTES, FROM, {
      data: (id) => {
        ids.push(id);
        splitter.stop();
      },
      ack: () => assert.fail(),
      other: () => assert.fail(),
    });
    splitter.push(Buffer.concat([...lengthAndFrame(1, 5), ...lengthAndFrame(2, 5)]));
    splitter.push(Buffer.concat(lengthAndFrame(3, 5)));
    assert.deepEqual(ids, [1]);
  });

  it('holds a frame that comes byte by byte in one piece', () => {
    const size = 50_000;
    const payloads: Uint8Array[] = [];
    const splitter = new FrameSplitter(size, FROM, {
      data: (_id, { payload }) => payloads.push(payload),
      ack: () => assert.fail(),
      other: () => assert.fail(),
    });
    const stream = Buffer.concat(lengthAndFrame(1, size));
    const before = queryObjects(Uint8Array, { format: 'count' });
    for (const byte of stream.subarray(0, -1)) splitter.push(Buffer.of(byte));
    assert.ok(queryObjects(Uint8Array, { format: 'count' }) - before < size / 10);
    splitter.push(stream.subarray(-1));
    assert.deepEqual(
      payloads.map((payload) => Buffer.from(payload)),
      [Buffer.alloc(size, 1)],
    );
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
        const { frames, splitter } = collecting(MAX_PAYLOAD_BYTES);
        for (const chunk of chunks) splitter.push(Buffer.from(chunk));
        // Nothing comes after the one that is none.
        const broken = frames.findIndex(({ type }) => type === 'malformed');
        assert.ok(broken === -1 || broken === frames.length - 1);
      }),
    );
  });
});

function split(stream: Buffer, chunkSizes: readonly number[]): Decoded[] {
  const { frames, splitter } = collecting(MAX_PAYLOAD_BYTES);
  let at = 0;
  for (let turn = 0; at < stream.length; turn += 1) {
    const end = at + chunkSizes[turn % chunkSizes.length]!;
    // A copy, as a socket gives: nothing behind it can be read by accident.
    splitter.push(Buffer.from(stream.subarray(at, end)));
    at = end;
  }
  return frames;
}

function lengthAndFrame(id: number, size: number): Buffer[] {
  return [withLength(encodeFrame({ type: 'data', id, message: { topic: 't', payload: Buffer.alloc(size, id) } }))];
}

function summary(frame: Decoded): string {
  if (frame.type === 'data') return `data of ${frame.message.payload.byteLength} ${frame.id}`;
  return frame.type === 'malformed' ? frame.problem : `${frame.type} ${frame.id}`;
}
