import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type ParsedChart, parseChart } from '../../../src/chart/parse/parse-chart.ts';
import type { Span } from '../../../src/chart/parse/span.ts';
import type { Statement } from '../../../src/chart/parse/syntax.ts';
import { corpus, corpusFiles, mermaidCases } from '../charts.ts';
import { randomChart } from '../random-chart.ts';

describe('parseChart', () => {
  it('knows every file of the corpus', () => {
    assert.deepEqual(corpus.map(({ file }) => file).sort(), corpusFiles.sort());
  });

  for (const { file, text, nodes, edges } of corpus) {
    it(`reads all of ${file}`, () => {
      const { diagnostics, model } = parseChart(text);
      assert.deepEqual(diagnostics, []);
      assert.deepEqual([model.vertices.size, model.edges.length], [nodes, edges]);
    });
  }

  it('leaves the rest of a text unread that is no chart, and loses none of it', () => {
    const text = `graph TD\n${'A[" ?\n'.repeat(50_000)}`;
    const { statements, diagnostics } = parseChart(text);
    assert.equal(diagnostics.length, 101);
    assert.equal(diagnostics.filter(({ expected }) => expected === 'fewer errors before this place').length, 1);
    assert.equal(statements.at(-1)?.span.end, text.length);
  });

  it('refuses a chart of too many arrows before it makes them', () => {
    const ids = (letter: string): string => Array.from({ length: 3_000 }, (_, n) => `${letter}${n}`).join(' & ');
    const { model, diagnostics } = parseChart(`graph TD\n${ids('a')} --> ${ids('b')} --> ${ids('c')}\nx --> y`);
    assert.deepEqual(
      diagnostics.map(({ line, expected, severity }) => [line, expected, severity]),
      [[2, 'at most 20000 arrows', 'error']],
    );
    assert.equal(model.edges.length, 1);
  });

  const bad: [what: string, text: string, line: number, column: number, expected: string][] = [
    ['no header', 'A --> B', 1, 1, '"flowchart" or "graph"'],
    ['nothing at all', '', 1, 1, '"flowchart" or "graph"'],
    ['a wrong direction', 'flowchart UP\nA --> B', 1, 11, 'a direction: TB, TD, BT, LR or RL'],
    ['unquoted parentheses', 'graph TD\nU1[Web User (Dashboard)] --> B', 2, 13, '"]"'],
    ['an arrow of one dash', 'graph TD\nA -> B', 2, 2, 'an arrow such as -->'],
    ['an arrow of one dash without spaces', 'graph TD\nA->B\nB-->C', 2, 2, 'an arrow such as -->'],
    ['an arrow that leads nowhere', 'graph TD\nA -->', 2, 6, 'a node id'],
    ['a reserved word as target', 'graph TD\nA --> end', 2, 7, 'a node id'],
    ['a comment behind a statement', 'graph TD\nA --> B %% why', 2, 9, 'an arrow, ";" or the end of the line'],
    ['an unclosed quote', 'graph TD\nA["label]', 2, 3, 'a closing double quote'],
    ['an unclosed label', 'graph TD\nA{label', 2, 8, '"}"'],
    ['an unclosed subgraph', 'graph TD\nsubgraph S\nA', 2, 1, '"end" for this subgraph'],
    ['an end without subgraph', 'graph TD\nA\nend', 3, 1, 'a node id'],
    [
      'a subgraph title with brackets',
      'graph TD\nsubgraph S(x)\nA\nend',
      2,
      11,
      'an arrow, ";" or the end of the line',
    ],
    [
      'a style of a link that is not there',
      'graph TD\nA --> B\nlinkStyle 3 stroke:red',
      3,
      1,
      'link numbers from 0 to 0',
    ],
    ['a bracket in a style', 'graph TD\nstyle A fill:rgb(1,2,3)', 2, 17, 'a style such as fill:#f9f'],
    ['an id that reads as the tail of an arrow', 'graph TD\nx--> B', 2, 2, 'a space'],
    ['an unknown shape', 'graph TD\nA@{ shape: nosuch }', 2, 2, 'the name of a shape'],
    ['unreadable settings', 'graph TD\nA@{ label: [ }', 2, 2, 'settings as in @{ name: value }'],
    ['unreadable frontmatter', '---\ntitle: [\n---\ngraph TD\nA', 2, 9, 'YAML'],
  ];
  for (const [what, text, line, column, expected] of bad) {
    it(`tells where ${what} is and what was expected`, () => {
      const first = parseChart(text).diagnostics.find(({ severity }) => severity === 'error');
      assert.deepEqual(
        { line: first?.line, column: first?.column, expected: first?.expected },
        { line, column, expected },
        JSON.stringify(first),
      );
    });
  }

  it('goes on behind a statement it cannot read', () => {
    const { diagnostics, model, statements } = parseChart('graph TD\nA[a (b)] --> B\nC --> D\nE[(] \nF --> G');
    assert.equal(diagnostics.length, 2);
    assert.deepEqual([...model.vertices.keys()], ['C', 'D', 'F', 'G']);
    assert.deepEqual(
      statements.map(({ kind }) => kind),
      ['opaque', 'chain', 'opaque', 'chain'],
    );
  });

  it('keeps names that every object has as ordinary ids', () => {
    const text =
      'graph TD\n__proto__["P"] --> constructor\nclass __proto__ hasOwnProperty\nclassDef __proto__ fill:#fff';
    const { model, diagnostics } = parseChart(text);
    assert.deepEqual(diagnostics, []);
    assert.deepEqual([...model.vertices.keys()], ['__proto__', 'constructor']);
    assert.deepEqual(model.vertices.get('__proto__')?.classes, ['hasOwnProperty']);
    assert.deepEqual([...model.classes.keys()], ['__proto__']);
  });

  it('keeps comments, directives and frontmatter with their places', () => {
    const text =
      '---\ntitle: T\nflow:\n  A: { type: debug }\n---\n%%{init: {"theme": "dark"}}%%\nflowchart LR\n  %% why\n  A';
    const parsed = parseChart(text);
    assert.deepEqual(parsed.diagnostics, []);
    assert.equal(parsed.model.title, 'T');
    assert.deepEqual(
      parsed.comments.map((span) => sliceOf(text, span)),
      ['%% why'],
    );
    assert.deepEqual(
      parsed.directives.map((span) => sliceOf(text, span)),
      ['%%{init: {"theme": "dark"}}%%'],
    );
    assert.equal(parsed.frontmatter && sliceOf(text, parsed.frontmatter.body), 'title: T\nflow:\n  A: { type: debug }');
  });

  it('keeps unknown settings of boxes, arrows and subgraphs', () => {
    const text =
      'graph TD\nsubgraph S\nA@{ node: debug, depth: 3 }\nend\nA e1@--> B\ne1@{ transport: mqtt }\nS@{ host: edge1 }';
    const { model, diagnostics } = parseChart(text);
    assert.deepEqual(diagnostics, []);
    assert.equal(model.vertices.get('A')?.data?.get('depth'), 3);
    assert.equal(model.edges[0]?.data?.get('transport'), 'mqtt');
    assert.equal(model.subgraphs[0]?.data?.get('host'), 'edge1');
  });

  it('reads ten thousand boxes, however they are written', () => {
    const numbers = Array.from({ length: 10_000 }, (_, index) => index);
    const lines = numbers.map((n) => `n${n}[Label ${n}] -->|to ${n + 1}| n${n + 1}`).join('\n');
    const chain = numbers.map((n) => `n${n}`).join('-->');
    assert.equal(parseChart(`graph TD\n${lines}`).model.edges.length, 10_000);
    assert.equal(parseChart(`graph TD;${chain}`).model.vertices.size, 10_000);
    assert.equal(parseChart(`graph TD\n${'A -- B\n'.repeat(10_000)}`).diagnostics.length, 101);
    assert.ok(parseChart(`graph TD\n${'subgraph s\n'.repeat(10_000)}`).diagnostics.length > 0);
  });

  it('never throws, and every span is in the text', () => {
    const piece = fc.constantFrom(
      'graph TD\n',
      'subgraph ',
      'end\n',
      '-->',
      '-- ',
      '[',
      ']',
      '"',
      '@{',
      '}',
      '%%',
      '---\n',
      ';',
      '|',
      '(',
      '{',
      'A',
      ' ',
      '\n',
      ':::',
      'click ',
      'style ',
      '&',
    );
    const soup = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 40 })
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(
        fc.oneof(
          soup,
          fc.string(),
          soup.map((text) => `flowchart LR\n${text}`),
        ),
        (text) => checkSpans(parseChart(text)),
      ),
      { numRuns: 1000 },
    );
  });

  it('gives spans that slice back to the text, for charts at random', () => {
    fc.assert(
      fc.property(randomChart, ({ text, ids, arrows }) => {
        const parsed = parseChart(text);
        assert.deepEqual(parsed.diagnostics, []);
        assert.deepEqual(new Set(parsed.model.vertices.keys()), ids);
        assert.equal(parsed.model.edges.length, arrows.length);
        checkSpans(parsed);
      }),
      { numRuns: 300 },
    );
  });

  it("gives spans that slice back to the text, for Mermaid's own charts", () => {
    for (const { text } of mermaidCases) checkSpans(parseChart(text));
  });
});

const sliceOf = (text: string, { start, end }: Span): string => text.slice(start, end);

function checkSpans({ text, statements, comments, directives, diagnostics }: ParsedChart): void {
  checkOrder(text, comments, { start: 0, end: text.length });
  checkOrder(text, directives, { start: 0, end: text.length });
  for (const { span } of diagnostics) assert.ok(span.start >= 0 && span.end <= text.length && span.start <= span.end);
  checkStatements(text, statements, { start: 0, end: text.length });
}

function checkStatements(text: string, statements: readonly Statement[], around: Span): void {
  checkOrder(
    text,
    statements.map(({ span }) => span),
    around,
  );
  for (const statement of statements) {
    if (statement.kind === 'subgraph') {
      assert.ok(sliceOf(text, statement.head).startsWith('subgraph'));
      if (statement.tail) assert.equal(sliceOf(text, statement.tail), 'end');
      checkStatements(text, statement.body, statement.span);
    } else if (statement.kind === 'chain') {
      const nodes = statement.groups.flat();
      checkOrder(
        text,
        nodes.map(({ span }) => span),
        statement.span,
      );
      checkOrder(
        text,
        statement.links.map(({ span }) => span),
        statement.span,
      );
      for (const { id, span, label } of nodes) {
        assert.equal(sliceOf(text, id.span), id.text);
        checkOrder(text, [id.span, ...(label ? [label.span] : [])], span);
      }
      for (const { id } of statement.links) if (id) assert.equal(sliceOf(text, id.span), id.text);
    } else if (statement.kind === 'class' || statement.kind === 'style' || statement.kind === 'classDef') {
      assert.equal(sliceOf(text, statement.ids.span), statement.ids.text);
    }
  }
}

function checkOrder(_text: string, spans: readonly Span[], around: Span): void {
  let at = around.start;
  for (const { start, end } of spans) {
    assert.ok(start >= at && end >= start && end <= around.end, `${start}-${end} outside ${at}-${around.end}`);
    at = end;
  }
}
