import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { flowId, sha1 } from '../../src/chart/ids.ts';

describe('chart ids', () => {
  it('are made by the SHA-1 everybody has', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        assert.equal(sha1(text), createHash('sha1').update(text).digest('hex'));
      }),
    );
  });

  it('are sixteen hex digits, and differ by chart, by kind and by box', () => {
    const ids = [flowId('a', 'tab'), flowId('a', 'chart'), flowId('a', 'box', 'A'), flowId('b', 'box', 'A')];
    assert.equal(new Set(ids).size, 4);
    for (const id of ids) assert.match(id, /^[0-9a-f]{16}$/);
  });
});
