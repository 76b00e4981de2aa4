import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { UnacknowledgedMessages } from '../../../src/endpoints/peer/unacknowledged.ts';

describe('UnacknowledgedMessages', () => {
  it('gives each back once by its number, in whatever order, also when many more wait than usual', () => {
    const moves = fc.array(fc.oneof(fc.constant('add' as const), fc.nat({ max: 60 })), { maxLength: 300 });
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 40 }), (steps, usual) => {
        const messages = new UnacknowledgedMessages(usual);
        const expected = new Map<number, { settle(): void }>();
        // Numbers go round: after the last comes the first.
        let lastId = 0xffff_fff0;
        for (const step of steps) {
          if (step === 'add') {
            lastId = lastId === 0xffff_ffff ? 1 : lastId + 1;
            const waiting = { settle: () => undefined };
            expected.set(lastId, waiting);
            messages.add(lastId, waiting);
          } else {
            const id = [...expected.keys()][step] ?? step;
            assert.equal(messages.take(id), expected.get(id));
            expected.delete(id);
          }
          assert.equal(messages.size, expected.size);
        }
        assert.deepEqual(new Set(messages.takeAll()), new Set(expected.values()));
        assert.equal(messages.size, 0);
      }),
    );
  });
});
