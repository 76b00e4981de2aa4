import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sharedFilter, topicFilterProblem, topicNameProblem } from '../../../src/wire/mqtt/index.ts';

describe('MQTT topic rules', () => {
  for (const topic of ['a', '/', '//', 'a/b c/ä', '$SYS/x', '$share/a', '\uFEFF', 'x'.repeat(65_535)]) {
    it(`take the topic name ${topic.slice(0, 20)}`, () => assert.equal(topicNameProblem(topic), undefined));
  }

  for (const [topic, problem] of [
    ['', 'the topic is empty'],
    ['a/+', 'the topic name has a wildcard'],
    ['a#', 'the topic name has a wildcard'],
    ['a\0', 'the topic has a NUL character'],
    ['\ud800', 'the topic is not UTF-8'],
    ['ä'.repeat(32_768), 'the topic is longer than 65,535 bytes'],
  ] as const) {
    it(`refuse the topic name ${JSON.stringify(topic.slice(0, 20))}`, () =>
      assert.equal(topicNameProblem(topic), problem));
  }

  for (const filter of ['#', '+', '/', '+/+', 'a/#', '/+/#', '$SYS/#', '$share/g/#', '$share/g//', '$shared/a']) {
    it(`take the filter ${filter}`, () => assert.equal(topicFilterProblem(filter), undefined));
  }

  for (const [filter, problem] of [
    ['', 'the topic is empty'],
    ['#/a', 'the wildcard # does not end the topic filter'],
    ['##', 'the wildcard # does not end the topic filter'],
    ['a#', 'the wildcard # does not fill its level'],
    ['a+/b', 'the wildcard + does not fill its level'],
    ['++', 'the wildcard + does not fill its level'],
    ['$share/g', 'the shared subscription has no topic filter'],
    ['$share/g/', 'the shared subscription has no topic filter'],
    ['$share//a', 'the shared subscription has no name'],
    ['$share/+/a', 'the name of the shared subscription has a wildcard'],
    ['$share/g/a#', 'the wildcard # does not fill its level'],
  ] as const) {
    it(`refuse the filter ${JSON.stringify(filter)}`, () => assert.equal(topicFilterProblem(filter), problem));
  }

  it('split shared filters', () => {
    assert.deepEqual(sharedFilter('$share/g/a/+'), { group: 'g', topicFilter: 'a/+' });
    assert.equal(sharedFilter('a/$share/g/b'), undefined);
  });
});
