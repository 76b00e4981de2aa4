import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as fc from 'fast-check';
import { codecs, contentTypeProblem, decode, encode } from '../../src/codec/codecs.ts';

describe('codecs', () => {
  for (const contentType of [
    'application/json',
    'Application/JSON; charset=UTF-8',
    'application/senml+json',
    'application/json; charset="us-ascii"',
  ]) {
    it(`read ${contentType} as JSON`, () => {
      assert.deepEqual(decode(Buffer.from('{"a":1}'), contentType), { value: { a: 1 } });
    });
  }

  const wrong: readonly [string, string][] = [
    ['text/csv', 'content type text/csv is not known (known: application/json)'],
    ['json', '"json" is not a content type'],
    ['', '"" is not a content type'],
    ['application/json; charset=latin1', 'charset latin1 is not known (use utf-8)'],
    ['application/notjson', 'content type application/notjson is not known (known: application/json)'],
  ];
  for (const [contentType, problem] of wrong) {
    it(`answer content type "${contentType}" with "${problem}"`, () => {
      assert.equal(contentTypeProblem(contentType), problem);
      assert.deepEqual(encode({}, contentType), { problem });
      assert.deepEqual(decode(Buffer.from('{}'), contentType), { problem });
    });
  }

  it('answer any content type with a value or a problem', () => {
    fc.assert(fc.property(fc.string(), (contentType) => void decode(Buffer.from('{}'), contentType)));
  });

  it('name themselves by a content type they read', () => {
    for (const { contentType } of codecs) assert.equal(contentTypeProblem(contentType), undefined);
  });
});
