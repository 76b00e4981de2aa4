import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { matches, overlaps, topicFilterProblem } from '../../src/broker/topic.ts';

describe('A topic filter', () => {
  it('is one when its wildcards stand alone and # is last', () => {
    for (const filter of ['#', '+', '/', 'a', 'a/#', '+/a', 'a/+/b', 'a//b', '+/+/#', '$SYS/#', 'größe/温度']) {
      assert.equal(topicFilterProblem(filter), undefined, filter);
    }
    for (const filter of ['$share/g/a', '$share/g/#', '$share/g//', '$share', '$shared//a'])
      assert.equal(topicFilterProblem(filter), undefined, filter);
    for (const filter of ['$share/', '$share/g', '$share/g/', '$share//a', '$share/+/a', '$share/#', '$share/g/a#'])
      assert.ok(topicFilterProblem(filter), filter);
    const wrong = ['', 'a#', 'a/#/b', '#/', 'a+', '+a', 'a/b+/c', '##', '++', 'a\0b', 'a\ud800', 'x'.repeat(65_536)];
    for (const filter of wrong) assert.ok(topicFilterProblem(filter), filter.slice(0, 20));
  });

  it('matches as MQTT 5 section 4.7 says', () => {
    const table: [string, string, boolean][] = [
      ['#', 'a/b', true],
      ['#', '/', true],
      ['#', '$SYS/a', false],
      ['+/a', '$SYS/a', false],
      ['$SYS/#', '$SYS/a', true],
      ['$SYS/+', '$SYS/a', true],
      ['sport/#', 'sport', true],
      ['sport/#', 'sports', false],
      ['sport/+', 'sport', false],
      ['sport/+', 'sport/', true],
      ['+', '/a', false],
      ['+/+', '/a', true],
      ['/+', '/a', true],
      ['a/+/b', 'a//b', true],
      ['a/+/b', 'a/x/y/b', false],
      ['a', 'A', false],
      ['a/b', 'a/b/c', false],
    ];
    for (const [filter, topic, expected] of table) assert.equal(matches(filter, topic), expected, `${filter} ${topic}`);
  });

  const level = fc.constantFrom('a', 'b', '', '$x');
  const topic = fc
    .array(level, { minLength: 1, maxLength: 4 })
    .map((levels) => levels.join('/'))
    .filter((text) => text !== '');
  const filter = fc
    .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([levels, open]) => [...levels, ...(open ? ['#'] : [])].join('/'))
    .filter((text) => text !== '');

  it('overlaps another whenever one topic matches both', () => {
    fc.assert(
      fc.property(filter, filter, topic, (one, other, name) => {
        if (matches(one, name) && matches(other, name)) assert.ok(overlaps(one, other));
        assert.equal(overlaps(one, other), overlaps(other, one));
      }),
    );
  });
});
