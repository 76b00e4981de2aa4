import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { chartJson } from '../../../src/chart/chart-json.ts';
import { parseChart } from '../../../src/chart/parse/parse-chart.ts';
import { type MermaidModel, mermaidModel } from '../mermaid.ts';

const id = fc.constantFrom(
  'A',
  'b2',
  'node-1',
  'P1.5',
  'x1',
  'o_o',
  'Größe',
  '設備',
  '7',
  'endpoint',
  'a.b',
  'default1',
  'e1',
  'Style',
);
const plain = fc.constantFrom(
  'text',
  'two words',
  'a, b',
  'x - y',
  'ünï',
  '5 > 4',
  'a/b',
  "it's",
  'fa:fa-car Car',
  'end',
  '100%',
  'a & b',
  'subgraph',
  '#35;',
  'one<br/>two',
  'a=b',
  '$5',
  'semi;colon',
);
const quoted = fc
  .oneof(
    plain,
    fc.constantFrom('(parens)', '[x]', '{y}', 'a | b', '--> no', '`not md', '<b>bold</b>', 'a\\nb', '日本 😀'),
  )
  .map((text) => `"${text}"`);
const markdown = fc.constantFrom('"`**bold** text`"', '"`two\nlines`"');
const label = fc.oneof(plain, quoted, markdown);
const BRACKETS = [
  '[|]',
  '(|)',
  '{|}',
  '([|])',
  '[[|]]',
  '[(|)]',
  '((|))',
  '{{|}}',
  '>|]',
  '(((|)))',
  '[/|/]',
  '[\\|\\]',
  '[/|\\]',
  '[\\|/]',
  '(-|-)',
];
const shape = fc
  .record({ brackets: fc.constantFrom(...BRACKETS), label })
  .map(({ brackets, label: text }) => brackets.replace('|', () => text));
const data = fc.constantFrom(
  '@{ shape: cyl }',
  '@{ shape: diamond, label: "Hi" }',
  '@{ label: "a b" }',
  '@{ shape: nothing }',
  '@{\n  shape: rounded\n  label: x\n}',
  '@{ icon: "fa:bell", form: circle }',
);
const node = fc
  .record({
    id,
    shape: fc.option(shape, { nil: '', freq: 2 }),
    name: fc.option(fc.constantFrom(':::one', ':::two'), { nil: '', freq: 5 }),
    data: fc.option(data, { nil: '', freq: 8 }),
  })
  .map(({ id: name, shape: body, name: of, data: more }) => `${name}${body}${of}${more}`);
const ARROWS = [
  '-->',
  '---',
  '==>',
  '-.->',
  '--x',
  '--o',
  '<-->',
  'o--o',
  'x--x',
  '~~~',
  '---->',
  '-..->',
  '===',
  '-.-',
  '.->',
  '<==>',
  '<-.->',
  '----',
  '--',
  '->',
  '=>',
];
const TEXTED = [
  ['-- ', ' -->'],
  ['== ', ' ==>'],
  ['-. ', ' .->'],
  ['-- ', ' ---'],
  ['<-- ', ' -->'],
  ['x-- ', ' --x'],
  ['--', '-->'],
  ['-.', '.-'],
] as const;
const arrow = fc.oneof(
  fc
    .record({
      arrow: fc.constantFrom(...ARROWS),
      label: fc.option(fc.oneof(plain, quoted), { nil: undefined, freq: 2 }),
      gap: fc.constantFrom('', ' '),
    })
    .map(({ arrow: line, label: text, gap }) => (text === undefined ? line : `${line}${gap}|${text}|`)),
  fc
    .record({ ends: fc.constantFrom(...TEXTED), label: fc.oneof(plain, quoted) })
    .map(({ ends, label: text }) => `${ends[0]}${text}${ends[1]}`),
  fc.constant(' e1@-->'),
);
const gap = fc.constantFrom(' ', ' ', ' ', '', '  ', '\n  ');
const chain = fc
  .record({
    first: node,
    rest: fc.array(fc.record({ arrow, node, and: fc.option(node, { nil: undefined, freq: 5 }), gap, gap2: gap }), {
      maxLength: 3,
    }),
  })
  .map(
    ({ first, rest }) =>
      first +
      rest
        .map(
          (link) => `${link.gap}${link.arrow}${link.gap2}${link.node}${link.and === undefined ? '' : ` & ${link.and}`}`,
        )
        .join(''),
  );
const other = fc.constantFrom(
  'classDef one fill:#f9f,stroke:#333',
  'class A,b2 one',
  'style A fill:#bbf,color:red',
  'linkStyle 0 stroke:red',
  'linkStyle default interpolate basis stroke:red',
  'click A "https://a.b" "tip"',
  'click A call f(1, 2)',
  'click A href "x" _blank',
  'direction LR',
  'accTitle: a title',
  'accDescr { two\n lines }',
  '%% a comment',
  '%%{init: {"theme": "dark"}}%%',
  'class A',
  'style A fill:#abc;',
);
const statement: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    { weight: 6, arbitrary: chain },
    { weight: 2, arbitrary: other },
    fc
      .record({
        head: fc.constantFrom(
          'subgraph one',
          'subgraph s1 [Title]',
          'subgraph two words',
          'subgraph "quoted"',
          'subgraph  s2',
          'subgraph s3[ "x y" ]',
          'subgraph',
        ),
        body: fc.array(tie('any'), { maxLength: 3 }),
      })
      .map(({ head, body }) => `${head}\n${body.join('\n')}\nend`),
  ),
})).any;
const chart = fc
  .record({
    head: fc.constantFrom(
      'graph TD',
      'flowchart LR',
      'graph',
      'flowchart-elk TB',
      'swimlane-beta LR',
      'graph TD;',
      'graph >',
      'flowchart BT\n\n',
      '---\ntitle: T\n---\nflowchart RL',
    ),
    lines: fc.array(statement, { maxLength: 5 }),
    separator: fc.constantFrom('\n', '\n', ';', ';\n', '\r\n', '\n\n  '),
  })
  .map(({ head, lines, separator }) => `${head}${head.endsWith(';') ? '' : '\n'}${lines.join(separator)}\n`);

describe('the parser beside Mermaid', () => {
  it('refuses what Mermaid refuses and means what Mermaid means, for charts at random', async () => {
    await fc.assert(
      fc.asyncProperty(chart, async (text) => {
        const { model, diagnostics } = parseChart(text);
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        const expected = await read(text);
        if (expected === undefined) assert.notDeepEqual(errors, []);
        else {
          assert.deepEqual(errors, []);
          assert.deepEqual(JSON.parse(JSON.stringify(chartJson(model))), expected);
        }
      }),
      { numRuns: 400, seed: 20261122 },
    );
  });
});

/** Undefined when Mermaid refuses the chart. */
async function read(text: string): Promise<MermaidModel | undefined> {
  try {
    return await mermaidModel(text);
  } catch {
    return undefined;
  }
}
