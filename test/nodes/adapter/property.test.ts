import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import RED from 'node-red';
import type { NodeAPI } from 'node-red';
import { nowhere, propertyOf } from '../../../nodes/adapter/property.ts';
import { isFault } from '../../../src/fault.ts';

const api = RED as unknown as NodeAPI;

/** Paths of short names and places, as users write them. */
const paths = fc
  .tuple(
    fc.constantFrom('payload', 'topic', 'a'),
    fc.array(fc.constantFrom('.a', '.b', '[0]', '[1]', '["b"]', '[msg.topic]'), { maxLength: 3 }),
  )
  .map(([first, rest]) => first + rest.join(''));
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, 0, 'a', true),
    fc.dictionary(fc.constantFrom('a', 'b', '0'), tie('tree'), { noNullPrototype: true }),
    fc.array(tie('tree'), { maxLength: 2 }),
  ),
}));
const messages = fc.record({ payload: tree, a: tree, topic: fc.constantFrom('a', 'b') });
const plain = (value: unknown): unknown => structuredClone(value);

describe('a property of a message', () => {
  it('is read as Node-RED reads it, and is nowhere where that throws', () => {
    fc.assert(
      fc.property(messages, paths, (message, path) => {
        let expected: unknown = nowhere;
        try {
          expected = RED.util.getMessageProperty(message, path) as unknown;
        } catch {
          // Node-RED throws where the parent is missing.
        }
        assert.deepEqual(propertyOf(api, path).read(message), expected);
      }),
    );
  });

  it('is written as Node-RED writes it', () => {
    fc.assert(
      fc.property(messages, paths, fc.constantFrom(undefined, 1, 'x'), (message, path, value) => {
        const [ours, theirs] = [plain(message) as typeof message, plain(message) as typeof message];
        let written: boolean;
        try {
          written = RED.util.setMessageProperty(theirs, path, value);
        } catch {
          // Node-RED throws in the middle of some paths through text and null; ours leaves the message as it is.
          assert.equal(propertyOf(api, path).write(ours, value), false);
          return;
        }
        const writtenByUs = propertyOf(api, path).write(ours, value);
        assert.deepEqual(ours, theirs);
        // Node-RED takes nothing away from a number in a list, and says it did.
        if (value !== undefined || !isDeepStrictEqual(theirs, plain(message))) assert.equal(writtenByUs, written);
      }),
    );
  });

  for (const path of ['__proto__.polluted', 'payload.constructor.prototype.polluted', 'payload["__proto__"]']) {
    it(`is refused as ${path}`, () => {
      assert.throws(
        () => propertyOf(api, path),
        (error) => isFault(error) && error.code === 'SETTINGS_INVALID',
      );
    });
  }

  it('is refused when the message itself names what all objects share', () => {
    const property = propertyOf(api, 'payload[msg.topic].polluted');
    assert.throws(() => property.write({ payload: {}, topic: '__proto__' }, true), /refused/);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  });

  it('is refused when it is no path', () => {
    assert.throws(() => propertyOf(api, 'payload['), /SETTINGS_INVALID|is not one/);
  });
});
