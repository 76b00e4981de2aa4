import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseChart } from '../../../src/chart/parse/parse-chart.ts';
import { entriesOf } from '../../../src/chart/profile/entry.ts';
import { type EntryChange, withFrontmatter } from '../../../src/chart/sync/frontmatter.ts';

const patched = (yaml: string, entries: Readonly<Record<string, EntryChange>>, title?: string): string => {
  const text = `---\n${yaml}\n---\ngraph TD\nA --> B\n`;
  const after = withFrontmatter(parseChart(text), new Map(Object.entries(entries)), title);
  return after.slice('---\n'.length, after.indexOf('\n---\ngraph'));
};

/** Odd on purpose: quotes, blanks, comments and folding that nobody would write again like this. */
const ODD = `# mine
config:   { theme:  'dark' } # dark
flow:
    # about A
    A:   { type: 'delay' ,  timeout: "5" }   # wait
    'B': debug

    C:
        type: function   # code
        func: |
            return msg;
        outputs: 1
title:  'Plant'   # the name
`.trimEnd();

const cases: readonly (readonly [
  what: string,
  entries: Readonly<Record<string, EntryChange>>,
  from: string,
  to: string,
  title?: string,
])[] = [
  ['a value in braces', { A: { timeout: '7' } }, `timeout: "5"`, `timeout: "7"`],
  ['a new value in braces', { A: { drop: true } }, `timeout: "5" }`, `timeout: "5", drop: true }`],
  ['a value taken out of braces', { A: { timeout: undefined } }, ` ,  timeout: "5"`, ``],
  ['a type that stands alone', { B: { active: false } }, `'B': debug`, `'B': { type: debug, active: false }`],
  ['a value on a line', { C: { outputs: 2 } }, `outputs: 1`, `outputs: 2`],
  ['a value before a comment', { C: { type: 'template' } }, `type: function   #`, `type: template   #`],
  ['a new line', { C: { noerr: 0 } }, `outputs: 1\n`, `outputs: 1\n        noerr: 0\n`],
  ['a line taken away', { C: { outputs: undefined } }, `        outputs: 1\n`, ``],
  ['several lines', { C: { func: 'a\nb' } }, `|\n            return msg;\n`, `|-\n          a\n          b\n`],
  ['a new entry', { D: { type: 'debug' } }, `outputs: 1\n`, `outputs: 1\n    D: { type: debug }\n`],
  ['a title', {}, `title:  'Plant'`, `title: Pump`, 'Pump'],
];

describe('the frontmatter of a chart', () => {
  for (const [what, entries, from, to, title] of cases) {
    it(`changes by ${what}, and not a byte else`, () => {
      assert.equal(patched(ODD, entries, title), ODD.replace(from, to));
    });
  }

  it('goes when nothing is left of it, unless there was nothing before', () => {
    const gone = (yaml: string): string =>
      withFrontmatter(parseChart(`---\n${yaml}\n---\ngraph TD\nA\n`), new Map([['A', { name: undefined }]]));
    assert.equal(gone('flow:\n  A: { name: "" }'), 'graph TD\nA\n');
    assert.equal(gone('flow: { A: { name: "" } }'), 'graph TD\nA\n');
    for (const kept of ['flow:', '# mine\nflow:\n  A: { name: "" }', 'title: x\nflow:\n  A: { name: "" }'])
      assert.match(gone(kept), /^---\n/, kept);
  });

  it('keeps its line ends and its indentation', () => {
    const text = `  ---\r\n  flow:\r\n    A: debug # a\r\n  ---\r\n  graph TD\r\n  A\r\n`;
    const after = withFrontmatter(
      parseChart(text),
      new Map([
        ['A', { active: false }],
        ['B', { type: 'delay' }],
      ]),
    );
    assert.equal(
      after,
      text.replace('A: debug # a', 'A: { type: debug, active: false } # a\r\n    B: { type: delay }'),
    );
  });

  it('gets a block of its own when it has none', () => {
    assert.equal(patched("title:  'T' # t", { A: { type: 'debug' } }), "title:  'T' # t\nflow:\n  A: { type: debug }");
    assert.equal(patched('title: T\nflow:', { A: { type: 'debug' } }), 'title: T\nflow:\n  A: { type: debug }');
  });

  it('is written anew where it cannot be changed in place, comments included', () => {
    assert.equal(patched('flow: &all { A: debug } # why', { B: { type: 'delay' } }).includes('# why'), true);
  });

  it('says what it is to say after any changes, and keeps its comments', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant('a\nb\n'), fc.array(fc.integer()));
    const change = fc.dictionary(fc.constantFrom('type', 'timeout', 'func', 'outputs', 'x y', '#'), value);
    const changes = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D', '1', 'no'), change, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 4 }), (rounds) => {
        let text = `---\n${ODD}\n---\ngraph TD\nA --> B\n`;
        const wanted = new Map<string, Record<string, unknown>>();
        for (const entries of rounds) {
          for (const [id, one] of Object.entries(entries)) wanted.set(id, { ...wanted.get(id), ...one });
          text = withFrontmatter(parseChart(text), new Map(Object.entries(entries)));
        }
        const parsed = parseChart(text);
        assert.deepEqual(parsed.diagnostics, []);
        const block = entriesOf(parsed);
        for (const [id, one] of wanted) {
          const entry = block.get(id);
          for (const [name, expected] of Object.entries(one)) {
            if (name === 'type' && typeof expected !== 'string') continue;
            assert.deepEqual(name === 'type' ? entry?.type : entry?.settings[name], expected, text);
          }
        }
        for (const comment of ['# mine', '# dark', '# about A', '# the name']) assert.ok(text.includes(comment), text);
      }),
      { numRuns: 60 },
    );
  });
});
