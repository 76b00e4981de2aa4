import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { encodePacket } from '../../../src/wire/mqtt/index.ts';
import { connect, levels, packetTo } from './arbitraries.ts';
import { collector, connackBytes, connectBytes, decodeAll, decodeFirst } from './collect.ts';
import { oracleEncode } from './oracle.ts';

const mutantsOfEach = 16_000;

describe('Damaged MQTT', () => {
  for (const level of levels) {
    for (const side of ['server', 'client'] as const) {
      it(`to a ${side} at level ${level} becomes packets or one malformed, however it is cut`, () => {
        const random = randomOf(level * 2 + (side === 'server' ? 1 : 0));
        const seeds = fc
          .sample(packetTo(side, level), { numRuns: 200, seed: 20_26 })
          .map((packet) => oracleEncode(packet, level).subarray(0, 400));
        for (let count = 0; count < mutantsOfEach; count += 1) {
          const bytes = mutate(seeds[random(seeds.length)]!, seeds[random(seeds.length)]!, random);
          const cut = random(bytes.length + 1);
          const { packets, malformed } = decodeAll(side, level, [bytes.subarray(0, cut), bytes.subarray(cut)]);
          const whole = decodeAll(side, level, [bytes]);
          assert.equal(packets.length, whole.packets.length);
          assert.deepEqual(malformed, whole.malformed);
          if (malformed !== undefined) assert.ok(malformed.reasonCode >= 0x80 && malformed.text.length > 0);
        }
      });
    }

    it(`in a CONNECT at level ${level} becomes a packet or a malformed`, () => {
      const random = randomOf(level);
      const seeds = fc
        .sample(connect(level), { numRuns: 200, seed: 20_26 })
        .map((packet) => encodePacket(packet, level));
      for (let count = 0; count < 4000; count += 1) {
        const { packets, malformed } = decodeFirst([mutate(seeds[random(200)]!, seeds[random(200)]!, random)]);
        assert.ok(packets.length === 0 || packets[0]!.type === 'connect');
        if (malformed !== undefined) assert.ok(malformed.reasonCode >= 0x80);
      }
    });
  }

  it('takes no memory on the word of the far side', () => {
    const before = process.memoryUsage();
    const connections = Array.from({ length: 2000 }, () => {
      const { decoder } = collector({ side: 'server' });
      decoder.push(connectBytes[5]);
      // A PUBLISH of 256 MB is announced, 9 bytes of it come.
      assert.equal(decoder.push(Buffer.from('30ffffff7f000161006162', 'hex')), undefined);
      return decoder;
    });
    const after = process.memoryUsage();
    const grownBytes = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed;
    // Far above what a connection takes, far below what it was told of.
    assert.ok(grownBytes < 2000 * 65_536, `${grownBytes / 2000} bytes each`);
    assert.equal(connections.length, 2000);
  });

  it('of endless bytes that never make a packet keeps nothing', () => {
    const { decoder } = collector({ side: 'client', level: 4 });
    decoder.push(connackBytes[4]);
    const garbage = Buffer.alloc(65_536, 0xff);
    const malformed = decoder.push(garbage);
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 10_000; count += 1) assert.equal(decoder.push(Buffer.from(garbage)), malformed);
    // All of it would be 655 MB.
    assert.ok(process.memoryUsage().arrayBuffers - before < 320_000_000);
  });
});

type Random = (below: number) => number;

/** mulberry32: the same numbers in each run. */
function randomOf(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function mutate(seed: Buffer, other: Buffer, random: Random): Buffer {
  const kind = random(5);
  if (kind === 0)
    return Buffer.concat([seed.subarray(0, random(seed.length + 1)), other.subarray(random(other.length + 1))]);
  if (kind === 1) return Buffer.concat([seed, other]).subarray(0, 1 + random(seed.length + other.length));
  const bytes = Buffer.from(seed);
  for (let changes = 1 + random(4); changes > 0; changes -= 1) {
    const at = random(bytes.length);
    if (kind === 2) bytes[at] = random(256);
    else if (kind === 3) bytes[at]! ^= 1 << random(8);
    else bytes[at] = [0, 1, 2, 0x7f, 0x80, 0xff][random(6)]!;
  }
  return bytes;
}
