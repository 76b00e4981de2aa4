import assert from 'node:assert/strict';
import { array, assert as check, integer, property } from 'fast-check';
import { publishTemplate } from '../../../bench/mqtt/load/bytes.ts';
import { PacketScanner } from '../../../bench/mqtt/load/packet-scanner.ts';

describe('the packet scanner of the load generator', () => {
  it('finds every packet, wherever a stream is cut into chunks', () => {
    const sizes = array(integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 8 });
    const cuts = array(integer({ min: 1, max: 300 }), { minLength: 1 });
    check(
      property(sizes, cuts, (sizes, cuts) => {
        const packets = sizes.map((size) => publish(size));
        const stream = Buffer.concat(packets);
        const scanner = new PacketScanner();
        const found: number[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const end = at + cuts[turn % cuts.length]!;
          scanner.push(stream.subarray(at, end), (first, _chunk, from, to) => {
            assert.equal(first, 0x30);
            found.push(to - from);
          });
          at = end;
        }
        assert.deepEqual(
          found,
          sizes.map((size) => size + 3),
        );
      }),
    );
  });
});

function publish(size: number): Buffer {
  return publishTemplate({ level: 4, topic: 't', payload: Buffer.alloc(size), qos: 0 }).bytes;
}
