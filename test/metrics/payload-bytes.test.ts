import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { payloadBytes } from '../../src/metrics/payload-bytes.ts';

describe('payload bytes', () => {
  const circle: Record<string, unknown> = { name: 'ab' };
  circle['self'] = circle;
  const cases: [string, unknown, number][] = [
    ['bytes, exactly', Buffer.alloc(1234), 1234],
    ['text', 'hello', 5],
    ['a figure', 4.5, 8],
    ['nothing', undefined, 0],
    ['null', null, 0],
    ['an object, names included', { ab: 'cd', e: true }, 2 + 2 + 1 + 1],
    ['a list', ['ab', 'c'], 3],
    ['a circle', circle, 4 + 2 + 4],
  ];
  for (const [what, payload, bytes] of cases)
    it(`are those of ${what}`, () => assert.equal(payloadBytes(payload), bytes));

  it('are an estimate from below for what is very large', () => {
    const bytes = payloadBytes(Array.from({ length: 1_000_000 }, () => 'x'));
    assert.ok(bytes > 900 && bytes <= 1000, String(bytes));
  });
});
