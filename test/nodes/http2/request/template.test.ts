import assert from 'node:assert/strict';
import { templateOf, templateProblem } from '../../../../nodes/http2/request/template.ts';

const message = {
  topic: 'a/b c',
  payload: { id: 7, list: ['x', 'y'], none: [], deep: [{ name: 'n' }] },
  no: false,
  text: '&<',
};

describe('an address with properties of the message', () => {
  for (const [template, expected] of [
    ['plain', 'plain'],
    ['/{{topic}}', '/a%2Fb%20c'],
    ['/{{{topic}}}', '/a/b c'],
    ['/{{& topic }}', '/a/b c'],
    ['/{{ payload.id }}/{{payload.missing.far}}', '/7/'],
    ['{{text}}', '%26%3C'],
    ['{{payload.list.1}}', 'y'],
    ['{{payload.deep.0.name}}', 'n'],
    ['{{{payload.list}}}', '["x","y"]'],
    ['{{#payload.list}}/{{.}}{{/payload.list}}', '/x/y'],
    ['{{#payload.deep}}{{name}}{{topic}}{{/payload.deep}}', 'na%2Fb%20c'],
    ['{{#payload}}{{id}}{{/payload}}', '7'],
    ['{{#no}}hidden{{/no}}{{^no}}shown{{/no}}', 'shown'],
    ['{{^payload.none}}empty{{/payload.none}}', 'empty'],
    ['a{{! a comment }}b', 'ab'],
  ] as const) {
    it(`makes ${expected} of ${template}`, () => assert.equal(templateOf(template)(message), expected));
  }

  for (const template of ['{{}}', '{{#a}}', '{{/a}}', '{{#a}}{{/b}}']) {
    it(`is refused as ${template}`, () => assert.notEqual(templateProblem(template), undefined));
  }
});
