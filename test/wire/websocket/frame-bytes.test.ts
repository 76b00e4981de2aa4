import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { applyMask, closeFrame, deflateFor, frameOf, newInflate, opcodes } from '../../../src/wire/websocket/index.ts';

describe('the bytes of WebSocket frames', () => {
  it('are masked as RFC 6455, 5.3 says, at any place and length, and unmasked by the same', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(8),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        fc.nat(7),
        (payload, before, mask, phase) => {
          const bytes = Buffer.concat([Buffer.alloc(before), payload]);
          const key = Buffer.alloc(4);
          key.writeUInt32BE(mask);
          applyMask(bytes, before, bytes.length, mask, phase);
          const expected = payload.map((byte, index) => byte ^ key[(index + phase) & 3]!);
          assert.deepEqual(new Uint8Array(bytes.subarray(before)), expected);
          applyMask(bytes, before, bytes.length, mask, phase);
          assert.deepEqual(new Uint8Array(bytes.subarray(before)), payload);
        },
      ),
    );
  });

  it('are those of the examples of RFC 6455, 5.7', () => {
    const unmasked = { opcode: opcodes.text, masked: false };
    assert.deepEqual([...frameOf(Buffer.from('Hello'), unmasked)], [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
    const binary = { opcode: opcodes.binary, masked: false };
    assert.deepEqual([...frameOf(Buffer.alloc(256), binary).subarray(0, 4)], [0x82, 0x7e, 0x01, 0x00]);
    const header = [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0];
    assert.deepEqual([...frameOf(Buffer.alloc(65_536), binary).subarray(0, 10)], header);
  });

  it('cut a reason for closing between two characters', () => {
    const frame = closeFrame(1000, 'ü'.repeat(100), false);
    assert.equal(frame[1], 124);
    assert.equal(frame.subarray(4).toString(), 'ü'.repeat(61));
    assert.deepEqual([...closeFrame(undefined, '', false)], [0x88, 0]);
  });

  it('come through compression as they were, with every window', () => {
    const text = Buffer.from(JSON.stringify(Array.from({ length: 500 }, (_, index) => ({ index, unit: 'celsius' }))));
    for (const windowBits of [9, 10, 12, 15]) {
      const inflate = newInflate(true, windowBits);
      for (let time = 0; time < 3; time += 1) {
        assert.deepEqual(inflate(deflateFor(windowBits)(text), text.length), text);
      }
    }
  });
});
