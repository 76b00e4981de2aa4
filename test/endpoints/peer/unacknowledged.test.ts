import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { UnacknowledgedMessages, type Unacknowledged } from '../../../src/endpoints/peer/unacknowledged.ts';

describe('UnacknowledgedMessages', () => {
  it('gives each back once by its number, in whatever order, also when many more wait than usual', () => {
    const moves = fc.array(fc.oneof(fc.constant('add' as const), fc.nat({ max: 60 })), { maxLength: 300 });
    fc.assert(
      fc.property(moves, fc.integer({ min: 1, max: 40 }), (steps, usual) => {
        const messages = new UnacknowledgedMessages(usual);
        const expected = new Map<number, Unacknowledged>();
        const lost: Unacknowledged[] = [];
        for (const step of steps) {
          if (step === 'add') {
            const waiting: Unacknowledged = { settle: () => lost.push(waiting) };
            const id = messages.nextId();
            assert.ok(!expected.has(id));
            expected.set(id, waiting);
            messages.add(id, waiting);
          } else {
            const id = [...expected.keys()][step] ?? 1_000 + step;
            assert.equal(messages.take(id), expected.get(id));
            expected.delete(id);
          }
          assert.equal(messages.size, expected.size);
        }
        messages.lose(new Error('gone'));
        assert.deepEqual(new Set(lost), new Set(expected.values()));
        assert.equal(messages.size, 0);
      }),
    );
  });

  it('tells when nobody waits any more, because all came or because none will', async () => {
    const messages = new UnacknowledgedMessages(2);
    await messages.drained();
    const id = messages.nextId();
    messages.add(id, { settle: () => undefined });
    const drained = messages.drained();
    messages.take(id);
    await drained;
    messages.add(messages.nextId(), { settle: () => undefined });
    const lost = messages.drained();
    messages.lose(new Error('gone'));
    await lost;
  });
});
