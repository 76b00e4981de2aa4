import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { encodeProperties } from '../../../src/wire/mqtt/index.ts';
import { levels, packetTo } from './arbitraries.ts';
import { decodeAll } from './collect.ts';
import { oracleEncode } from './oracle.ts';
import { written } from './written.ts';

describe('MQTT packets across chunks', () => {
  for (const level of levels) {
    it(`are the same at level ${level} wherever the chunk ends`, () => {
      fc.assert(
        fc.property(fc.array(packetTo('server', level), { minLength: 1, maxLength: 3 }), (packets) => {
          const bytes = Buffer.concat(packets.map((packet) => oracleEncode(packet, level))).subarray(0, 600);
          const whole = decodeAll('server', level, [bytes]);
          for (let at = 0; at <= bytes.length; at += 1) {
            assert.deepEqual(decodeAll('server', level, [bytes.subarray(0, at), bytes.subarray(at)]), whole);
          }
        }),
        { numRuns: 40 },
      );
    });

    it(`are the same at level ${level} byte by byte and in pieces`, () => {
      const pieces = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 10 });
      fc.assert(
        fc.property(fc.array(packetTo('client', level), { maxLength: 6 }), pieces, (packets, sizes) => {
          const bytes = Buffer.concat(packets.map((packet) => oracleEncode(packet, level)));
          const expected = { packets, malformed: undefined };
          assert.deepEqual(decodeAll('client', level, cut(bytes, sizes)), expected);
          if (bytes.length < 3000) assert.deepEqual(decodeAll('client', level, cut(bytes, [1])), expected);
        }),
        { numRuns: 150 },
      );
    });
  }

  it('give a PUBLISH of 3 MB that comes in small pieces whole', () => {
    const payload = Buffer.alloc(3_000_000, 'chartwire');
    const bytes = written(5, (writer) => {
      writer.publish('big', payload, 1, false, 9, encodeProperties({ contentType: 'text/plain' }));
      writer.puback(3);
    });
    const { packets, malformed } = decodeAll('server', 5, cut(bytes, [1, 1460, 7, 65_536]));
    assert.equal(malformed, undefined);
    const [publish, puback] = packets;
    assert.ok(publish?.type === 'publish' && publish.payload.equals(payload));
    assert.deepEqual(publish.properties, { contentType: 'text/plain' });
    assert.equal(puback?.type, 'puback');
  });
});

/** The bytes in pieces of these sizes, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces.at(-1)!.length) {
    pieces.push(bytes.subarray(at, at + sizes[pieces.length % sizes.length]!));
  }
  return pieces;
}
