import assert from 'node:assert/strict';
import { Packed } from '../../../src/endpoints/websocket/packed.ts';
import type { Deflate } from '../../../src/wire/websocket/index.ts';

describe('a message for many far sides', () => {
  it('is encoded once, and compressed once for each window, whatever the order of those who get it', () => {
    const packed = new Packed(Buffer.alloc(5_000, 'x'), true);
    const calls = [0, 0];
    const deflates = calls.map((_, index): Deflate => {
      return (payload) => {
        calls[index]! += 1;
        return Buffer.from(payload.subarray(0, 10 + index));
      };
    });
    const forms = [undefined, ...deflates];
    const first = forms.map((deflate) => packed.frame(true, deflate));
    for (let round = 0; round < 3; round += 1) {
      for (const [index, deflate] of forms.entries()) assert.equal(packed.frame(true, deflate), first[index]);
    }
    assert.deepEqual(calls, [1, 1]);
  });

  it('is the same as text and as bytes', () => {
    for (const text of ['', 'plain', 'Größe 漢字 🙂', 'x'.repeat(70_000)]) {
      const [one, other] = [new Packed(text, true), new Packed(Buffer.from(text), true, true)];
      assert.deepEqual(one.frame(true, undefined), other.frame(true, undefined));
      assert.equal(
        one
          .frame(true, undefined)
          .subarray(-one.sizeBytes || Infinity)
          .toString(),
        text,
      );
    }
  });
});
