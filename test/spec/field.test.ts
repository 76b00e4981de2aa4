import assert from 'node:assert/strict';
import { boolean, choice, configNode, json, number, rows, secret, text, type Field } from '../../src/spec/field.ts';

const words = { label: 'Field', hint: 'A field.' };

const table: readonly (readonly [name: string, field: Field, good: readonly unknown[], bad: readonly unknown[]])[] = [
  ['text', text(words), ['', 'a'], [1, null, undefined]],
  ['required text', text({ ...words, required: true }), ['a'], ['']],
  [
    'text with a rule',
    text({ ...words, problem: (value) => (value === 'x' ? undefined : 'must be x') }),
    ['x', ''],
    ['y'],
  ],
  [
    'number',
    number({ ...words, default: 1, min: 0, max: 9, unit: 's' }),
    [0, 9, '5'],
    [-1, 10, 1.5, '', 'a', NaN, null],
  ],
  ['fraction', number({ ...words, default: 1, min: 0, max: 9, unit: 's', integer: false }), [0.5, '0.5'], ['0,5']],
  ['boolean', boolean({ ...words, default: false }), [true, false], ['true', 0, undefined]],
  [
    'choice',
    choice({ ...words, default: 'a', options: { a: 'A', b: 'B' } }),
    ['a', 'b'],
    ['c', 'constructor', '__proto__', 1],
  ],
  ['secret', secret(words), [undefined, '', 'x'], [1]],
  ['config node', configNode({ ...words, nodeType: 'x' }), ['', 'id'], [undefined]],
  ['required config node', configNode({ ...words, nodeType: 'x', required: true }), ['id'], ['']],
  ['JSON', json(words), ['', ' ', '{}', '[1]'], ['{', 1]],
  [
    'rows',
    rows({ ...words, max: 2, columns: { name: { label: 'Name' }, kind: { label: 'Kind', options: { a: 'A' } } } }),
    [[], [{ name: '', kind: 'a' }]],
    [
      'x',
      [null],
      [{ name: 1, kind: 'a' }],
      [{ name: 'n', kind: 'toString' }],
      Array.from({ length: 3 }, () => ({ name: 'n', kind: 'a' })),
    ],
  ],
];

describe('a field', () => {
  for (const [name, field, good, bad] of table) {
    it(`of ${name} takes what is right and says what is wrong`, () => {
      for (const value of good) assert.equal(field.problem(value), undefined, JSON.stringify(value));
      for (const value of bad) assert.match(field.problem(value) ?? '', /^(must|is|row)/, JSON.stringify(value));
    });
  }

  it('names the row that is wrong', () => {
    const field = rows({ ...words, columns: { name: { label: 'Name' } } });
    assert.equal(field.problem([{ name: 'a' }, {}]), 'row 2: name must be text');
  });
});
