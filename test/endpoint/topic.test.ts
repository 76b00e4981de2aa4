import assert from 'node:assert/strict';
import { topicProblem } from '../../src/endpoint/topic.ts';

describe('topicProblem', () => {
  for (const topic of ['a', '/', 'a//b', 'größe/温度', ' ', '$SYS/x', 'x'.repeat(65_535)]) {
    it(`allows ${JSON.stringify(topic.slice(0, 20))}`, () => assert.equal(topicProblem(topic), undefined));
  }
  for (const topic of ['', 'a/+', '#', 'a\0b', '\ud800', 'ü'.repeat(32_768)]) {
    it(`refuses ${JSON.stringify(topic.slice(0, 20))}`, () => assert.notEqual(topicProblem(topic), undefined));
  }
});
