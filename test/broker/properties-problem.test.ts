import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { propertiesProblem } from '../../src/broker/properties-problem.ts';
import { decodeAll } from '../wire/mqtt/collect.ts';
import { encodeProperties, encodePublish, type Properties } from '../../src/wire/mqtt/index.ts';

const long = 'x'.repeat(65_536);

describe('The properties of a PUBLISH', () => {
  for (const [what, properties] of [
    ['a content type with NUL', { contentType: 'a\0b' }],
    ['a content type that is too long', { contentType: long }],
    ['a content type of half a character', { contentType: '\ud800' }],
    ['a response topic with a wildcard', { responseTopic: 'a/+' }],
    ['a response topic with NUL', { responseTopic: 'a\0' }],
    ['an empty response topic', { responseTopic: '' }],
    ['a name with NUL', { userProperties: [['\0', 'x']] }],
    ['a value with NUL', { userProperties: [['x', '\0']] }],
    ['a value that is too long', { userProperties: [['x', long]] }],
    ['correlation data that is too long', { correlationData: Buffer.alloc(65_536) }],
    ['an expiry before now', { messageExpiryInterval: -1 }],
    ['an expiry beyond its bytes', { messageExpiryInterval: 2 ** 32 }],
    ['an expiry that is no number', { messageExpiryInterval: Number.NaN }],
  ] as const satisfies readonly (readonly [string, Properties])[]) {
    it(`cannot have ${what}`, () => assert.match(propertiesProblem(properties) ?? '', /^the [\w ]+/));
  }

  it('can have what is left, and a broker takes it', () => {
    const properties: Properties = {
      contentType: '',
      responseTopic: '$SYS/größe',
      correlationData: Buffer.alloc(65_535),
      messageExpiryInterval: 4_294_967_295,
      userProperties: [
        ['', ''],
        ['\u0001', '\uffff😀'],
      ],
    };
    assert.equal(propertiesProblem(properties), undefined);
    const { bytes } = encodePublish(5, 't', Buffer.from('x'), 0, false, encodeProperties(properties));
    assert.equal(decodeAll('server', 5, [Buffer.from(bytes)]).malformed, undefined);
  });
});
