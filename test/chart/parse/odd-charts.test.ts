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
  lanes: 'swimlane-beta LR\nsubgraph s\nA --> B\nend',
  'nothing in quotes before the direction': 'graph"" LR\nA',
  'the callback on the line behind the box': 'graph TD\r\nA\r\nB\r\nclick A\r\nB\r\n',
  'a click whose box is nothing in quotes': 'graph TD\nclick "" x',
  'a second link without a target, and one of blanks': 'graph TD\nA\nB\nclick A,B "u" _blank\nclick A "v"\nclick B " "',
  'a directive that is not closed': 'graph TD\nA\n%%{init: {"a": 1}\nB',
  'a directive of one word that is not closed': 'graph TD\nA\n%%{wrap: on\n  B --> C',
  'a directive in the middle of a word': 'graph TD\nA%%{x}%%B --> C["d%%{init: {}}%%e"]',
  'a directive of signs, which is none': 'graph TD\n%%{+}',
  'a comment of nothing, which is a box': 'graph TD\nA\n%%\nB',
  'a comment in a label, and empty lines before it': 'graph TD\nA["a\n\n%% c\nb"]',
  'nothing in quotes anywhere': 'graph TD\nA "" --> ""B[x""y] & "" C -- "" s""t --> D[["`m`""" z]]""',
  'a direction with words before and behind it': 'graph TD\nA --> B\nx;direction LR;A --> C\nD',
  'a direction in a label': 'graph TD\nA["direction LR"] --> B\nC["x\ndirection LR"] --> D',
  'two directions in a line': 'graph TD\nsubgraph s\ndirection LR direction TB\nA\nend',
  'a direction on the next line': 'graph TD\nsubgraph s\ndirection\nLR A\nB\nend',
  'a direction before a reserved word': 'graph TD\n  style A direction LR\nB',
  'semicolons that end nothing': 'graph TD\nsubgraph s\n;A;;B\nsubgraph t\nC\nend;\nend;;D',
  'a subgraph with words of the language for a title': 'graph TD\nsubgraph end\nA\nend\nsubgraph click x\n B;C\nend',
  'a subgraph with settings before an end without a line': 'graph TD\nsubgraph s;A;end B --> C',
  'an entity in the line of a style': 'graph TD;classDef c fill:red;A[#35;]\nstyle A fill:#f9f;B\nB:::c',
  'a style and a class in one line with a colour': 'graph TD\nA\nclassDef c font-style:x,fill:#f9f;;',
  'a style of words with blanks': 'graph TD\nstyle A stroke-dasharray: 5 5 , x style #a:: ,b',
  'a description that is not closed': 'graph TD\nA\naccDescr { some\n text',
  'a description in the middle of a line': 'graph TD\nA accDescr {} --> B\naccDescr { a\n   b }C',
  'a title on the next line': 'graph TD\naccTitle:\nA;B\nC',
  'ends of an ellipse and of slopes': 'graph TD\nA(-t//) --> B(-"q"))\nC[/t)] --> D[\\t]] --> E[/x/=]',
  'text behind the quotes of an arrow text': 'graph TD\nA -- "a b"! c --> B -. "`m`" d .-> C',
  'an arrow text that ends like another arrow': 'graph TD\nA == a- ==> B -- ax--> C\nA o== t x==o B -. a x-.-x C',
  'an arrow name with more signs': 'graph TD\nA e1@x@--> B a.b&c@--> C',
  'a call without a name is nothing': 'graph TD\nA call () --> B',
  'settings in two pieces': 'graph TD\nA@{ shape: cyl,}@{ label: x } ;B@{ shape: rect } e1@--> C',
  'settings that say nothing': 'graph TD\nA@{ label: false, shape: "", icon: 0 }',
  'lists where texts belong': 'graph TD\nA@{ label: [1, x] }',
  'comments right behind a word of settings': 'graph TD\nA@{ shape: cyl,# label: x }\nB@{ label: "x"#y\n}',
  'a text over lines in single quotes': "graph TD\nA@{ label: 'a\nb' }",
  'words behind a tab that are no settings': 'graph TD\nA@{\n\tlabel x\n}',
  'figures as Mermaid reads them':
    'graph TD\nsubgraph s\nend\ns@{ a: -.5, b: 0b101, c: -0x1F, d: +0o17, e: .5, f: 0B1, g: 0x1f, h: 1_000, i: "0b1", j: -5e3 }',
  'a tag with nothing behind it': "graph TD\nsubgraph s\nend\ns@{\na: !\nb: ! x\nc: [1, ! ]\nd: ! ''\n}",
  'a sentence or a list for the settings of a subgraph':
    'graph TD\nsubgraph s\nend\ns@{\n just text\n}\nsubgraph t\nend\nt@{\n- x\n- y\n}\nA e1@--> B\ne1@{\n text\n}',
  'settings that Mermaid keeps for itself': 'graph TD\nsubgraph s\nend\ns@{ laneRole: x, laneIndex: 1 }',
  'frontmatter indented like the chart around it':
    '  ---\n  title: x\n  config:\n    theme: dark\n  ---\n  graph TD\n  A',
  'blanks of all kinds': 'graph\t\u00a0LR \u00a0\nA\t&\u00a0B  --> \f C \n\t\n;',
  'a box between brackets of a tag': 'graph TD\nA["<a b="c" d="e">"] --> B',
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
  'frontmatter whose first line is indented further than the next': '---\n  title: x\nconfig: {}\n---\ngraph TD\nA',
  'text in quotes twice': 'graph TD\nA["x""y"] --> B',
  'a circumflex in settings': 'graph TD\nA@{ label: a^b }',
  'a blank behind a click': 'graph TD\nA\nclick A "u" \n',
  'a link number written with a nought before': 'graph TD\nA --> B\nlinkStyle 00 x:y',
  'a blank before the semicolon of the header': 'graph LR ;A',
  'a keyword behind a letter of another alphabet': 'graph TD\néend',
  'an arrow before the first box': 'graph TD\n--> B',
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
