import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeFrame, encodeFrame, MAX_HEADER_BYTES, type Frame } from '../../src/endpoint/frame.ts';
import { isFault } from '../../src/fault.ts';

const LIMIT = 1_000;
const id = fc.integer({ min: 0, max: 0xffff_ffff });
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const properties = fc.dictionary(
  text.filter((name) => name !== '__proto__'),
  text,
  { maxKeys: 5, noNullPrototype: true },
);
const message = fc.record(
  {
    topic: text,
    payload: fc.uint8Array({ maxLength: LIMIT }).map((bytes) => Buffer.from(bytes)),
    contentType: text,
    properties,
  },
  { requiredKeys: ['topic', 'payload'], noNullPrototype: true },
);
const frames: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ type: fc.constant('data' as const), id, message }, { noNullPrototype: true }),
  fc.record({ type: fc.constantFrom('ack' as const, 'ping' as const), id }, { noNullPrototype: true }),
  fc.record({ type: fc.constant('refuse' as const), id, code: text, reason: text }, { noNullPrototype: true }),
);

describe('a frame', () => {
  it('is decoded to what was encoded', () => {
    fc.assert(fc.property(frames, (frame) => assert.deepEqual(decodeFrame(encodeFrame(frame), LIMIT), frame)));
  });

  it('of any bytes is decoded without throwing', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        (bytes) => typeof decodeFrame(Buffer.from(bytes), LIMIT).type === 'string',
      ),
    );
  });

  it('cut short or damaged anywhere is decoded without throwing', () => {
    fc.assert(
      fc.property(frames, fc.nat(), fc.nat(255), (frame, place, byte) => {
        const bytes = encodeFrame(frame);
        bytes[place % bytes.length] = byte;
        decodeFrame(bytes, LIMIT);
        decodeFrame(bytes.subarray(0, place % bytes.length), LIMIT);
      }),
    );
  });

  it('with a payload above the limit can still be refused by its number', () => {
    const bytes = encodeFrame({ type: 'data', id: 7, message: { topic: 't', payload: Buffer.alloc(LIMIT + 1) } });
    assert.deepEqual(decodeFrame(bytes, LIMIT), { type: 'oversize', id: 7, sizeBytes: LIMIT + 1 });
  });

  it('with a header above the limit is not made', () => {
    const large = { topic: 't', payload: Buffer.alloc(0), properties: { p: 'x'.repeat(MAX_HEADER_BYTES) } };
    assert.throws(
      () => encodeFrame({ type: 'data', id: 1, message: large }),
      (error) => isFault(error) && error.code === 'MESSAGE_INVALID',
    );
  });

  const malformed: Record<string, Buffer> = {
    'no bytes': Buffer.alloc(0),
    'an unknown type': raw(9, ''),
    'a header longer than the frame': Buffer.from([1, 0, 0, 0, 1, 0, 9, 0x7b]),
    'a header that is no JSON': raw(1, '{'),
    'a header that is null': raw(1, 'null'),
    'a header that is a list': raw(1, '[]'),
    'no topic': raw(1, '{}'),
    'a topic that is no text': raw(1, '{"topic":1}'),
    'a content type that is no text': raw(1, '{"topic":"t","contentType":1}'),
    'properties that are a list': raw(1, '{"topic":"t","properties":["a"]}'),
    'a property that is no text': raw(1, '{"topic":"t","properties":{"a":1}}'),
    'a property __proto__': raw(1, '{"topic":"t","properties":{"__proto__":"x"}}'),
    'an acknowledgement with a header': raw(2, '{}'),
    'an acknowledgement with a payload': Buffer.concat([raw(2, ''), Buffer.from('x')]),
    'a refusal without a reason': raw(3, '{"code":"X"}'),
  };
  for (const [what, bytes] of Object.entries(malformed)) {
    it(`with ${what} is malformed`, () => assert.equal(decodeFrame(bytes, LIMIT).type, 'malformed'));
  }
});

function raw(type: number, header: string): Buffer {
  return Buffer.concat([Buffer.from([type, 0, 0, 0, 1, 0, header.length]), Buffer.from(header)]);
}
