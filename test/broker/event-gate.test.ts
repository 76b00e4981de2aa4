import assert from 'node:assert/strict';
import { EventGate } from '../../src/broker/event-gate.ts';

describe('The event gate', () => {
  it('lets no flood of events through, and says how many it left out', () => {
    const gate = new EventGate();
    const passed = Array.from({ length: 1_000 }, () => gate.pass(5_000)).filter((leftOut) => leftOut !== undefined);
    assert.equal(passed.length, 200);
    assert.equal(gate.pass(6_000), 800);
    assert.equal(gate.pass(6_000), 0);
  });
});
