import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ConnectionError } from '../../src/http/h2/codes.ts';
import { FrameReader } from '../../src/http/h2/frame-reader.ts';
import { bytesFrame } from '../../src/http/h2/frame.ts';
import { HeaderDecoder } from '../../src/http/h2/header-decoder.ts';
import { encodeHeaders } from '../../src/http/h2/header-encoder.ts';
import { newHeaderList } from '../../src/http/header-list.ts';
import { PREFACE } from './raw-http2.ts';

const decode = (decoder: HeaderDecoder, hex: string): Record<string, unknown> => {
  const list = newHeaderList();
  decoder.decode(Buffer.from(hex.replaceAll(' ', ''), 'hex'), list);
  assert.equal(list.malformed, undefined);
  return { ...list.headers };
};

describe('header blocks', () => {
  it('are read as in the examples of RFC 7541, C.3 and C.4', () => {
    const first = { ':method': 'GET', ':scheme': 'http', ':path': '/', ':authority': 'www.example.com' };
    const second = { ...first, 'cache-control': 'no-cache' };
    const third = {
      ':method': 'GET',
      ':scheme': 'https',
      ':path': '/index.html',
      ':authority': 'www.example.com',
      'custom-key': 'custom-value',
    };
    const plain = new HeaderDecoder();
    assert.deepEqual(decode(plain, '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d'), first);
    assert.deepEqual(decode(plain, '8286 84be 5808 6e6f 2d63 6163 6865'), second);
    assert.deepEqual(decode(plain, '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65'), third);
    const huffman = new HeaderDecoder();
    assert.deepEqual(decode(huffman, '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff'), first);
    assert.deepEqual(decode(huffman, '8286 84be 5886 a8eb 1064 9cbf'), second);
    assert.deepEqual(decode(huffman, '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf'), third);
  });

  it('come back as they were written, whatever they hold', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/).filter((text) => text !== 'set-cookie' && text !== 'te');
    const value = fc.stringMatching(/^([!-~]([ -~]{0,300}[!-~])?)?$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([one]) => one, maxLength: 30 }), (fields) => {
        const list = newHeaderList();
        new HeaderDecoder().decode(encodeHeaders(fields.flat()), list);
        assert.deepEqual({ ...list.headers }, Object.fromEntries(fields));
      }),
    );
  });

  it('of any bytes are read or refused, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (blocks) => {
        const decoder = new HeaderDecoder();
        try {
          for (const block of blocks) decoder.decode(Buffer.from(block), newHeaderList());
        } catch (error) {
          assert.ok(error instanceof ConnectionError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('frames', () => {
  it('are the same however the bytes come', () => {
    const frames = fc.array(
      fc.tuple(fc.nat(255), fc.nat(255), fc.nat(2 ** 31 - 1), fc.uint8Array({ maxLength: 100 })),
      {
        maxLength: 10,
      },
    );
    fc.assert(
      fc.property(frames, fc.array(fc.nat(40), { minLength: 1, maxLength: 20 }), (sent, cuts) => {
        const bytes = Buffer.concat([PREFACE, ...sent.map((frame) => bytesFrame(...frame))]);
        const read: unknown[] = [];
        const reader = new FrameReader((type, flags, stream, payload) =>
          read.push([type, flags, stream, new Uint8Array(payload)]),
        );
        let at = 0;
        for (const cut of cuts) {
          reader.read(bytes.subarray(at, at + cut));
          at = Math.min(bytes.length, at + cut);
        }
        if (at < bytes.length) reader.read(bytes.subarray(at));
        assert.deepEqual(read, sent);
        assert.equal(reader.isWithin, false);
      }),
    );
  });
});
