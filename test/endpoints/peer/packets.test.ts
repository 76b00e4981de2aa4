import assert from 'node:assert/strict';
import { assert as check, infiniteStream, integer, nat, property, uint8Array } from 'fast-check';
import { cutPackets, PacketJoiner } from '../../../src/endpoints/peer/packets.ts';

const MAX_BYTES = 100_000;

describe('packets', () => {
  it('give the message back in whatever order they come, and twice', () => {
    check(
      property(
        uint8Array({ maxLength: 20_000 }),
        integer({ min: 600, max: 1200 }),
        infiniteStream(nat()),
        (bytes, size, luck) => {
          const joiner = new PacketJoiner(MAX_BYTES);
          const message = Buffer.from(bytes);
          const packets = cutPackets(7, message, size);
          for (const packet of packets) assert.ok(packet.length <= size);
          const mixed = packets
            .flatMap((packet) => [packet, packet])
            .toSorted(() => ((luck.next().value as number) % 3) - 1);
          const joined = mixed.map((packet) => joiner.push(packet)).filter((one) => one !== undefined);
          assert.deepEqual(joined[0], message);
        },
      ),
    );
  });

  it('of a message that lost one are given up for newer ones, within the memory', () => {
    const joiner = new PacketJoiner(MAX_BYTES);
    for (let id = 0; id < 1_000; id += 1) {
      const [, ...rest] = cutPackets(id, Buffer.alloc(30_000), 1100);
      for (const packet of rest) assert.equal(joiner.push(packet), undefined);
      assert.ok(joiner.heldBytes <= MAX_BYTES);
    }
    const [first, second] = cutPackets(5_000, Buffer.alloc(1_500, 1), 1100);
    joiner.push(first!);
    assert.deepEqual(joiner.push(second!), Buffer.alloc(1_500, 1));
  });

  for (const [what, hex] of [
    ['nothing', ''],
    ['half a prefix', '00000001'],
    ['the third of two pieces', '0000000100020002ff'],
    ['a piece of none', '0000000100000000'],
    ['one of more pieces than a message can have', '000000010000ffff00'],
  ] as const) {
    it(`that are ${what} are told`, () => {
      assert.equal(typeof new PacketJoiner(MAX_BYTES).push(Buffer.from(hex, 'hex')), 'string');
    });
  }

  it('that disagree about their number are told, and let go', () => {
    const joiner = new PacketJoiner(MAX_BYTES);
    joiner.push(Buffer.from('0000000100000003aabb', 'hex'));
    assert.equal(typeof joiner.push(Buffer.from('0000000100000004aabb', 'hex')), 'string');
    assert.equal(joiner.heldBytes, 0);
  });

  it('never throw, whatever comes', () => {
    const joiner = new PacketJoiner(MAX_BYTES);
    check(property(uint8Array({ maxLength: 64 }), (bytes) => void joiner.push(Buffer.from(bytes))));
    assert.ok(joiner.heldBytes <= MAX_BYTES);
  });
});
