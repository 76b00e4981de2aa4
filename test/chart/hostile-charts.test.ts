import assert from 'node:assert/strict';
import { formatChart } from '../../src/chart/format-chart.ts';
import { chartOfFlow, flowOfChart } from '../../src/chart/index.ts';
import { isFault } from '../../src/fault.ts';
import { parseChart } from '../../src/chart/parse/parse-chart.ts';

const MANY = 300_000;
/** Each has so many beginnings without an end that looking for the end of each would take hours. */
const ENDLESS: Readonly<Record<string, string>> = {
  'tags in a label': `graph TD\nA["${'<a '.repeat(MANY)}"]`,
  'tags in a line, and an end behind it': `graph TD\nA["${'<a '.repeat(MANY)}"]\nB --> C`,
  'stressed words': `graph TD\nA["\`${'*a '.repeat(MANY / 10)}\`"]`,
  directives: `graph TD\n${'%%{'.repeat(MANY)}`,
  'arrow texts': `graph TD\n${'A -- x '.repeat(MANY)}`,
  settings: `graph TD\n${'A@{ '.repeat(MANY)}`,
  quotes: `graph TD\n${'A["'.repeat(MANY)}`,
  calls: `graph TD\n${'click A call x\n'.repeat(MANY / 10)}`,
  descriptions: `graph TD\n${'accDescr {\n'.repeat(MANY / 10)}`,
  'arrow names': `graph TD\n${'a@'.repeat(MANY)}`,
  'quotes of nothing': `graph TD\n${'""'.repeat(MANY)}`,
  'words that begin like a direction': `graph TD\n${'A direction x '.repeat(MANY / 10)}`,
  'colours without a semicolon': `graph TD\n${'style A x:#'.repeat(MANY / 10)}`,
  'empty lines': `graph TD\nA${'\n '.repeat(MANY)}`,
  blanks: `graph TD\nA${' '.repeat(MANY)}--> B`,
  comments: `graph TD\nA --> B\n${'%% x\n'.repeat(MANY / 3)}`,
  'names in the frontmatter': `---\n${Array.from({ length: MANY / 30 }, (_, index) => `k${index}: 1\n`).join('')}---\ngraph TD\nA`,
  'comments in labels': `graph TD\n${'A["a\n%% c\nb"]\n'.repeat(MANY / 30)}`,
};

describe('a chart made to take long', () => {
  for (const [what, text] of Object.entries(ENDLESS)) {
    it(`is read or refused at once: ${what}`, () => {
      const { diagnostics } = parseChart(text);
      assert.equal(typeof formatChart(text), 'string');
      if (diagnostics.some(({ severity }) => severity === 'error')) return;
      assert.equal(chartOfFlow(flowOfChart(text).flow), text);
    });
  }

  it('has one reason when its subgraphs are nested too deep', () => {
    const open = Array.from({ length: 10_000 }, (_, index) => `subgraph s${index}`);
    const text = ['graph TD', ...open, 'A', ...open.map(() => 'end')].join('\n');
    assert.deepEqual(
      parseChart(text).diagnostics.map(({ line, expected }) => [line, expected]),
      [[102, 'at most 100 nested subgraphs']],
    );
  });

  it('is refused with a reason when its groups lead to too many boxes', () => {
    const group = (name: string): string =>
      [`subgraph ${name}`, ...Array.from({ length: 3000 }, (_, index) => `${name}${index}`), 'end'].join('\n');
    assert.throws(
      () => flowOfChart(`graph TD\n${group('s')}\n${group('t')}\ns --> t`),
      (error) => isFault(error) && /:6006:2: expected at most 40000 arrows between boxes/.test(error.message),
    );
  });

  it('may not give one node id to two boxes', () => {
    const text = '---\nflow:\n  A: { id: n, type: debug }\n  B: { id: n }\n---\ngraph TD\nA --> B\n';
    assert.throws(
      () => flowOfChart(text),
      (error) => isFault(error) && /:1:1: expected ids of their own for nodes/.test(error.message),
    );
  });

  it('stays as it is beside a configuration called like one of its nodes', () => {
    const text =
      '---\nflow:\n  $config: { b: { id: n, type: mqtt-broker } }\n  A: { id: n, type: debug }\n---\ngraph TD\nB --> A\n';
    assert.equal(chartOfFlow(flowOfChart(text).flow), text);
  });

  it('may not unfold aliases of YAML without end', () => {
    const names = 'abcdefghijkl'.split('');
    const bomb = names.map((name, index) => `${name}: &${name} [${`*${names[index - 1] ?? 'x'}, `.repeat(9)}x]`);
    const yaml = ['x: &x [1, 2, 3]', ...bomb].join('\n');
    for (const text of [`---\n${yaml}\nflow: *l\n---\ngraph TD\nA`, `graph TD\nA@{\n${yaml}\n}`]) {
      const [first] = parseChart(text).diagnostics;
      assert.match(first?.message ?? '', /cannot be read: Excessive alias count/);
    }
  });

  it('keeps characters that no text should hold', () => {
    const text = 'graph TD\nA["\0"] --> B["\ud800"]\nB --> C["\u202ereversed"]\n';
    assert.deepEqual(parseChart(text).diagnostics, []);
    assert.equal(chartOfFlow(flowOfChart(text).flow), text);
  });
});
