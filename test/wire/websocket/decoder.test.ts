import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { deflateRawSync, constants } from 'node:zlib';
import { FrameDecoder, frameOf, newInflate, opcodes, type Malformed } from '../../../src/wire/websocket/index.ts';

type Found = readonly [kind: string, ...rest: unknown[]];

function decoderOf(settings: Partial<ConstructorParameters<typeof FrameDecoder>[0]> = {}): {
  decoder: FrameDecoder;
  found: Found[];
} {
  const found: Found[] = [];
  const decoder = new FrameDecoder(
    { server: true, maxPayloadBytes: 100_000, ...settings },
    {
      message: (payload, isText) => found.push([isText ? 'text' : 'binary', Buffer.from(payload)]),
      pinged: (payload) => found.push(['ping', Buffer.from(payload)]),
      ponged: () => found.push(['pong']),
      closeFrame: (code, reason) => found.push(['close', code, reason]),
    },
  );
  return { decoder, found };
}

/** A masked frame, with what {@link frameOf} does not do: fragments, reserved bits, wrong opcodes. */
function frame(first: number, payload: Uint8Array): Buffer {
  const whole = frameOf(payload, { opcode: opcodes.text, masked: true });
  whole[0] = first;
  return whole;
}

const compress = (bytes: Uint8Array): Buffer =>
  deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);

describe('a decoder of WebSocket frames', () => {
  it('finds the same messages however they are cut into fragments and chunks', () => {
    const message = fc.record({
      isText: fc.boolean(),
      parts: fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { minLength: 1, maxLength: 4 }),
      ping: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.nat(200), { maxLength: 40 }), (messages, cuts) => {
        const { decoder, found } = decoderOf();
        const expected: Found[] = [];
        const frames: Buffer[] = [];
        for (const { isText, parts, ping } of messages) {
          for (const [index, part] of parts.entries()) {
            const fin = index === parts.length - 1 ? 0x80 : 0;
            frames.push(frame(fin | (index > 0 ? 0 : isText ? 1 : 2), Buffer.from(part)));
            if (!ping || fin !== 0) continue;
            frames.push(frame(0x89, Buffer.from('between')));
            expected.push(['ping', Buffer.from('between')]);
          }
          expected.push([isText ? 'text' : 'binary', Buffer.from(parts.join(''))]);
        }
        let bytes = Buffer.concat(frames);
        for (const cut of cuts) {
          assert.equal(decoder.feed(Buffer.from(bytes.subarray(0, cut))), undefined);
          bytes = bytes.subarray(cut);
        }
        assert.equal(decoder.feed(Buffer.from(bytes)), undefined);
        assert.deepEqual(found, expected);
      }),
      { numRuns: 200 },
    );
  });

  it('takes any bytes without an exception, and finds nothing after what is wrong', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (chunks) => {
        const { decoder, found } = decoderOf({ inflate: newInflate(true, 15) });
        let malformed: Malformed | undefined;
        for (const chunk of chunks) {
          const before = found.length;
          const said = decoder.feed(Buffer.from(chunk));
          if (malformed !== undefined) assert.deepEqual([said, found.length], [undefined, before]);
          malformed ??= said;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  const long = Buffer.alloc(200);
  const wrong: Record<string, [number, Buffer[]]> = {
    'a reserved bit': [1002, [frame(0xa1, Buffer.from('x'))]],
    'a compressed frame that was not agreed': [1002, [frame(0xc1, Buffer.from('x'))]],
    'a reserved opcode for data': [1002, [frame(0x83, Buffer.from('x'))]],
    'a reserved opcode for control': [1002, [frame(0x8b, Buffer.alloc(0))]],
    'a frame of a client without a mask': [1002, [frameOf(long, { opcode: opcodes.binary, masked: false })]],
    'a control frame in fragments': [1002, [frame(0x09, Buffer.from('x'))]],
    'a control frame of more than 125 bytes': [1002, [frame(0x89, long)]],
    'a continuation of nothing': [1002, [frame(0x80, Buffer.from('x'))]],
    'a message within another': [1002, [frame(0x01, Buffer.from('x')), frame(0x81, Buffer.from('y'))]],
    'a length with its highest bit set': [1002, [Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])]],
    'a length in more bytes than it needs': [1002, [Buffer.from([0x82, 0xfe, 0, 5, 1, 2, 3, 4])]],
    'a close frame of one byte': [1002, [frame(0x88, Buffer.from([3]))]],
    'a close code that must not be sent': [1002, [frame(0x88, Buffer.from([3, 0xed]))]],
    'a reason that is no UTF-8': [1007, [frame(0x88, Buffer.from([3, 0xe8, 0xff]))]],
    'a text that is no UTF-8': [1007, [frame(0x81, Buffer.from([0xc0, 0x80]))]],
    'a text that ends within a character': [
      1007,
      [frame(0x01, Buffer.from([0xe2, 0x82])), frame(0x80, Buffer.alloc(0))],
    ],
    'a message above the limit': [1009, [frame(0x82, Buffer.alloc(100_001))]],
    'fragments above the limit together': [
      1009,
      [frame(0x02, Buffer.alloc(90_000)), frame(0x00, Buffer.alloc(20_000))],
    ],
    'fragments without an end and without a payload': [
      1008,
      [frame(0x02, Buffer.alloc(1)), ...Array.from({ length: 1_025 }, () => frame(0x00, Buffer.alloc(0)))],
    ],
  };
  for (const [what, [code, frames]] of Object.entries(wrong)) {
    it(`says ${code} to ${what}`, () => {
      const { decoder } = decoderOf();
      assert.equal(decoder.feed(Buffer.concat(frames))?.code, code);
    });
  }

  it('refuses a length it will not take before any of it has come', () => {
    const { decoder } = decoderOf();
    assert.equal(decoder.feed(frame(0x82, Buffer.alloc(100_001)).subarray(0, 14))?.code, 1009);
  });

  it('knows a text for no UTF-8 with the piece that shows it', () => {
    const { decoder } = decoderOf();
    const bytes = frame(0x81, Buffer.concat([Buffer.from('κόσμε'), Buffer.from([0xed, 0xa0]), Buffer.from('more')]));
    assert.equal(decoder.feed(Buffer.from(bytes.subarray(0, bytes.length - 6))), undefined);
    assert.equal(decoder.feed(Buffer.from(bytes.subarray(bytes.length - 6, bytes.length - 4)))?.code, 1007);
  });

  it('inflates with and without what was said before, and never more than the limit', () => {
    const inflate = newInflate(false, 15);
    const { decoder, found } = decoderOf({ inflate });
    assert.equal(decoder.feed(frame(0xc1, compress(Buffer.from('hello')))), undefined);
    assert.deepEqual(found, [['text', Buffer.from('hello')]]);
    assert.equal(decoder.feed(frame(0xc2, compress(Buffer.alloc(10_000_000))))?.code, 1009);
    const broken = decoderOf({ inflate });
    assert.equal(broken.decoder.feed(frame(0xc2, Buffer.from([0xff, 0xff, 0xff])))?.code, 1007);
  });

  it('keeps the rest back while it is held', () => {
    const { decoder, found } = decoderOf();
    const one = frame(0x81, Buffer.from('one'));
    const two = frame(0x81, Buffer.from('two'));
    decoder.hold();
    assert.equal(decoder.feed(Buffer.concat([one, two.subarray(0, 3)])), undefined);
    assert.equal(decoder.feed(Buffer.from(two.subarray(3))), undefined);
    assert.deepEqual(found, []);
    assert.equal(decoder.release(), undefined);
    assert.deepEqual(found, [
      ['text', Buffer.from('one')],
      ['text', Buffer.from('two')],
    ]);
  });
});
