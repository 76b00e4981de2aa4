import assert from 'node:assert/strict';
import { nextMessageId } from '../../../nodes/adapter/message-id.ts';

describe('the id of a message', () => {
  it('has the form of those of Node-RED', () => {
    assert.match(nextMessageId(), /^[\da-f]{16}$/);
  });

  it('comes once, over more than one block of ids', () => {
    const ids = Array.from({ length: 20_000 }, nextMessageId);
    assert.equal(new Set(ids).size, ids.length);
  });
});
