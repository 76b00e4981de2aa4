import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Fifo } from '../src/fifo.ts';
import { heldBytes } from './support/held-bytes.ts';

const MIB = 1_048_576;

describe('first in, first out', () => {
  it('does what an array does, whatever comes and goes', () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 40 }).map((count) => ({ push: count })) },
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 40 }).map((count) => ({ shift: count })) },
      { weight: 1, arbitrary: fc.constant('clear' as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const fifo = new Fifo<number>();
        let model: number[] = [];
        let next = 0;
        for (const one of steps) {
          if (one === 'clear') {
            assert.deepEqual(fifo.clear(), model);
            model = [];
          } else if ('push' in one) {
            for (let left = one.push; left > 0; left -= 1) {
              fifo.push(next);
              model.push(next);
              next += 1;
            }
          } else {
            for (let left = one.shift; left > 0; left -= 1) assert.equal(fifo.shift(), model.shift());
          }
          assert.deepEqual([fifo.length, fifo.first, [...fifo]], [model.length, model[0], model]);
        }
      }),
    );
  });

  it('holds nothing that has left, though others always wait', () => {
    const fifo = new Fifo<Buffer>();
    const before = heldBytes();
    for (let index = 0; index < 500; index += 1) {
      fifo.push(Buffer.alloc(MIB));
      if (fifo.length > 2) fifo.shift();
    }
    const grown = heldBytes() - before;
    assert.ok(grown < 50 * MIB, `${grown} bytes are held for ${fifo.length} of a MiB`);
  });

  it('gives a long line back when it has gone', () => {
    const fifo = new Fifo<number>();
    const before = heldBytes();
    for (let index = 0; index < 4_000_000; index += 1) fifo.push(index);
    while (fifo.shift() !== undefined);
    const grown = heldBytes() - before;
    assert.ok(grown < 8 * MIB, `${grown} bytes are held for nobody`);
    assert.equal(fifo.length, 0);
  });
});
