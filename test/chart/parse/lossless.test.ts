import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type ParsedChart, parseChart } from '../../../src/chart/parse/parse-chart.ts';
import type { Span } from '../../../src/chart/parse/span.ts';
import type { Statement } from '../../../src/chart/parse/syntax.ts';
import { corpus, mermaidCases } from '../charts.ts';
import { randomChart } from '../random-chart.ts';

/** What stands between words: blanks, line ends, semicolons, and `&` between boxes. */
const TRIVIA = /^[\s;&\uFEFF]*$/;

describe('every character of a chart', () => {
  it('is in one word of it, or between two, for charts at random', () => {
    fc.assert(
      fc.property(randomChart, ({ text }) => checkLossless(text)),
      { numRuns: 300 },
    );
  });

  it('is so for what is cut out of charts anywhere, readable or not', () => {
    const place = fc.nat();
    fc.assert(
      fc.property(fc.constantFrom(...corpus.map(({ text }) => text)), place, place, (text, from, size) => {
        const at = from % text.length;
        checkLossless(text.slice(0, at) + text.slice(at + (size % 60)));
      }),
      { numRuns: 300 },
    );
  });

  it('is so of what is no word to Mermaid', () => {
    checkLossless('graph"" TD\n"" A "" --> ""B[x] "";accDescr {}\n%%{init: {}\nC');
  });

  for (const { file, text } of corpus) it(`is so in ${file}`, () => checkLossless(text));

  it("is so in all of Mermaid's own charts, those it rejects too", () => {
    assert.ok(mermaidCases.length > 500);
    for (const { text } of mermaidCases) checkLossless(text);
  });
});

function checkLossless(text: string): void {
  const parsed = parseChart(text);
  let at = 0;
  let read = '';
  for (const { start, end } of outermost(wordsOf(parsed))) {
    assert.ok(start >= at && end >= start, `${start}-${end} overlaps what ends at ${at}`);
    const between = text.slice(at, start);
    assert.match(between, TRIVIA, JSON.stringify(text));
    read += between + text.slice(start, end);
    at = end;
  }
  assert.match(text.slice(at), TRIVIA, JSON.stringify(text));
  assert.equal(read + text.slice(at), text);
}

function wordsOf({ header, statements, comments, directives, frontmatter }: ParsedChart): Span[] {
  const front = frontmatter ? [frontmatter.span] : [];
  return [...front, ...directives, ...comments, ...(header ? [header.span] : []), ...statements.flatMap(wordsIn)];
}

function wordsIn(statement: Statement): Span[] {
  if (statement.kind === 'subgraph') {
    const tail = statement.tail ? [statement.tail] : [];
    return [statement.head, ...statement.body.flatMap(wordsIn), ...tail];
  }
  if (statement.kind !== 'chain') return [statement.span];
  return [...statement.groups.flat(), ...statement.links].map(({ span }) => span);
}

/** A comment inside the words of a label is part of them. */
function outermost(spans: readonly Span[]): Span[] {
  const sorted = spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  return sorted.filter((span, index) => !sorted.slice(0, index).some(({ end }) => end >= span.end && end > span.start));
}
