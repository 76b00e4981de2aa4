import assert from 'node:assert/strict';
import { waitFor } from '../../../support/wait-for.ts';
import { openMeeting } from '../meeting.ts';
import '../../../support/forgotten-channels.ts';

describe('a data channel', () => {
  it('cannot be told to wait: who sends more than was agreed is sent away, counted and told once', async () => {
    await using meeting = await openMeeting();
    const told: string[] = [];
    const limits = { maxPayloadBytes: 8_192, maxInFlight: 2 };
    const listener = await meeting.listen({ ...limits, onRefusal: (_source, problem) => told.push(problem) });
    // Nobody takes what comes.
    listener.receive({ highWaterMark: 0 });
    const link = meeting.link({ relayed: false, maxPayloadBytes: 8_192, maxInFlight: 10_000, maxWaiting: 10_000 });
    await link.ready();
    const sends = Array.from({ length: 500 }, () => link.send({ topic: 't', payload: Buffer.alloc(8_000) }));
    const codes = await Promise.allSettled(sends);
    assert.ok(codes.some(({ status }) => status === 'rejected'));
    await waitFor('the refusal', () => (listener.refused > 0 ? true : undefined));
    assert.equal(told.length, 1);
    assert.match(told[0]!, /more than 32768 bytes unread/);
  });
});
