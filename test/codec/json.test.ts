import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { json } from '../../src/codec/json.ts';

const limits = { maxBytes: 100, maxDepth: 3 };

function decode(text: string): unknown {
  return json.decode(Buffer.from(text), limits);
}

describe('JSON codec', () => {
  it('gives back every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        if (JSON.stringify(value).includes('__proto__')) return;
        const encoded = json.encode(value);
        assert.ok('bytes' in encoded);
        assert.deepEqual(json.decode(encoded.bytes), { value: JSON.parse(JSON.stringify(value)) });
      }),
    );
  });

  it('answers any bytes with a value or a problem', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const decoded = json.decode(bytes);
        assert.ok('value' in decoded || decoded.problem.length > 0);
      }),
    );
  });

  const wrong: readonly [string, string | RegExp][] = [
    ['{"a":', /^not JSON: /],
    ['', /^not JSON: /],
    ['[[[[1]]]]', 'nested deeper than the limit of 3'],
    ['{"a":{"b":{"c":{}}}}', 'nested deeper than the limit of 3'],
    [`"${'x'.repeat(99)}"`, '101 bytes exceed the limit of 100'],
    ['{"__proto__":{"admin":true}}', 'a key "__proto__" is not allowed'],
    ['[{"a":{"\\u005f_proto__":1}}]', 'a key "__proto__" is not allowed'],
  ];
  for (const [text, expected] of wrong) {
    it(`refuses ${text.slice(0, 30)}`, () => {
      const decoded = json.decode(Buffer.from(text), limits);
      assert.ok('problem' in decoded);
      if (typeof expected === 'string') assert.equal(decoded.problem, expected);
      else assert.match(decoded.problem, expected);
    });
  }

  it('counts no bracket inside a string and none beside another', () => {
    const text = '["[[[[", "\\"[[[[", [[1],[2]], "]"]';
    assert.deepEqual(decode(text), { value: ['[[[[', '"[[[[', [[1], [2]], ']'] });
  });

  it('takes __proto__ as a value', () => assert.deepEqual(decode('["__proto__"]'), { value: ['__proto__'] }));

  it('refuses what is not UTF-8, and takes a byte order mark', () => {
    assert.deepEqual(json.decode(Uint8Array.of(0x22, 0xff, 0x22)), { problem: 'not UTF-8' });
    assert.deepEqual(json.decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31)), { value: 1 });
  });

  it('refuses a payload nested a hundred thousand deep without parsing it', () => {
    assert.deepEqual(json.decode(Buffer.from('['.repeat(100_000))), { problem: 'nested deeper than the limit of 64' });
  });

  const noForm: readonly [string, unknown, string | RegExp][] = [
    ['undefined', undefined, 'a value of type undefined has no JSON form'],
    ['a function', () => 1, 'a value of type function has no JSON form'],
    ['a bigint', 1n, /^the value has no JSON form: .*BigInt/],
    ['a circle', circle(), /^the value has no JSON form: .*circular/],
    ['too deep a value', [[[[]]]], 'nested deeper than the limit of 3'],
    ['too large a value', 'x'.repeat(99), '101 bytes exceed the limit of 100'],
  ];
  for (const [what, value, expected] of noForm) {
    it(`does not encode ${what}`, () => {
      const encoded = json.encode(value, limits);
      assert.ok('problem' in encoded);
      if (typeof expected === 'string') assert.equal(encoded.problem, expected);
      else assert.match(encoded.problem, expected);
    });
  }
});

function circle(): unknown {
  const self: { self?: unknown } = {};
  self.self = self;
  return self;
}
