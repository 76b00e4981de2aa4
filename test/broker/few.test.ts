import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Few } from '../../src/broker/few.ts';

describe('A few entries', () => {
  it('are what a Map of them would be', () => {
    const name = fc.constantFrom('', 'a', 'b', 'c');
    const step = fc.record({ name, value: fc.option(fc.integer(), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const few = new Few<number>();
        const map = new Map<string, number>();
        for (const { name, value } of steps) {
          if (value === undefined) {
            few.delete(name);
            map.delete(name);
          } else {
            few.set(name, value);
            map.set(name, value);
          }
          assert.equal(few.size, map.size);
          assert.deepEqual(new Map(few.entries()), map);
          for (const asked of ['', 'a', 'b', 'c']) assert.equal(few.get(asked), map.get(asked));
        }
      }),
    );
  });
});
