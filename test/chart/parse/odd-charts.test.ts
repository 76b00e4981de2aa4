import assert from 'node:assert/strict';
import { chartJson } from '../../../src/chart/chart-json.ts';
import { parseChart } from '../../../src/chart/parse/parse-chart.ts';
import { mermaidModel } from '../mermaid.ts';

const SAME: Readonly<Record<string, string>> = {
  'blanks before the line end in a label': 'graph TD\nA["one \n two  \nthree"] --> B',
  'blanks before the line end of another system': 'graph TD\r\nA["one \r\n two"] --> B\r\n',
  'line ends of old systems': 'graph TD\rA[one] --> B\r%% a comment\rB --> C',
  'text behind the closing quote of a label': 'graph TD\nA["Hello" world] -->|"a" b| B(["x" y ])',
  'quotes with nothing between them before a text': 'graph TD\nA["" one] --> B',
  'a box called like the subgraph it stands in': 'graph TD\nsubgraph A\nA["x"] --> B\nend',
  'what is said of a subgraph': 'graph TD\nsubgraph s\nA\nend\ns@{ view: collapsed, host: edge1 }\ns@{ n: [1, two] }',
  'a label on a subgraph with settings': 'graph TD\nsubgraph s\nA\nend\ns["text"]:::red@{ view: collapsed }',
  'the step of an animated arrow': 'graph TD\nA e1@--> B e2@--> C\ne1@{ step: 2 }\ne2@{ step: none }',
  'figures in the place of texts': 'graph TD\nA@{ label: 5, w: 9 }\nA e1@--> B\ne1@{ curve: 7 }',
  'a comment in settings': 'graph TD\nB@{ label: x #why }',
  'settings that are a list or a text': 'graph TD\nA@{\n- x\n}\nB@{\n just text\n}',
  'a function that is called, and its arguments over lines': 'graph TD\nA\nclick A call some thing(1,\n2) "tip"',
  'subgraphs whose titles are blanks, or have some around':
    'graph TD\nsubgraph " "\nA\nend\nsubgraph " x "\nB\nend\nsubgraph "`y`"\nC\nend\nsubgraph "z" \nD\nend',
  'text behind the quoted title of a subgraph':
    'graph TD\r\nsubgraph "x" y\r\nA\r\nend\r\nsubgraph "x"z\r\nB\r\nend\r\nsubgraph "v"\r\nC\r\nend\r\nsubgraph "x" y [t]\r\nD\r\nend',
  'borders with other signs': 'graph TD\nA[|borders:l$&t|text]',
};
const REFUSED: Readonly<Record<string, string>> = {
  'a function to call without parentheses': 'graph TD\nA\nclick A call handle "tip"\n',
  'a subgraph with nothing for a name': 'graph TD\nsubgraph ""\nA\nend',
  'a label of nothing': 'graph TD\nA[""] --> B',
  'an arrow text of nothing': 'graph TD\nA -->|""| B',
  'the code of a character in an id': 'graph TD\nA#35; --> B',
  'a tag that nobody knows in settings': 'graph TD\nA@{ label: !thing x }',
  'a list for a shape': 'graph TD\nA@{ shape: [a, b] }',
  'a setting that is said twice': 'graph TD\nA@{ shape: cyl, shape: rect }',
  'a name of the frontmatter that stands there twice': '---\ntitle: x\nconfig: { a: 1, a: 2 }\n---\ngraph TD\nA',
  'text in quotes twice': 'graph TD\nA["x""y"] --> B',
};

describe('a chart with odd things in it, beside Mermaid', () => {
  for (const [what, text] of Object.entries(SAME)) {
    it(`means the same: ${what}`, async () => {
      const { model, diagnostics } = parseChart(text);
      assert.deepEqual(diagnostics, []);
      assert.deepEqual(JSON.parse(JSON.stringify(chartJson(model))), await mermaidModel(text));
    });
  }

  for (const [what, text] of Object.entries(REFUSED)) {
    it(`is refused: ${what}`, async () => {
      await assert.rejects(mermaidModel(text));
      assert.ok(parseChart(text).diagnostics.some(({ severity }) => severity === 'error'));
    });
  }
});
