import type { ParsedChart } from '../parse/parse-chart.ts';
import type { Span } from '../parse/span.ts';
import type { Statement, SubgraphStatement } from '../parse/syntax.ts';

/** A statement and the subgraph it stands in. */
export interface Placed {
  readonly statement: Statement;
  readonly inside?: SubgraphStatement;
}

/** Every statement of a chart, outer ones before those in them. */
export function* allStatements(statements: readonly Statement[], inside?: SubgraphStatement): Generator<Placed> {
  for (const statement of statements) {
    yield inside ? { statement, inside } : { statement };
    if (statement.kind === 'subgraph') yield* allStatements(statement.body, statement);
  }
}

export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** The blanks before a place, when nothing else stands before it on its line. */
export function indentAt(text: string, at: number): string | undefined {
  const before = text.slice(lineStart(text, at), at);
  return /^[ \t]*$/.test(before) ? before : undefined;
}

/** A statement with its semicolon, and the whole line when it stands alone on it. */
export function wholeStatement(text: string, { start, end }: Span): Span {
  const bare = text.slice(start, end).trimEnd().length;
  let to = start + bare;
  const behind = /^[ \t]*;/.exec(text.slice(to, to + 200))?.[0].length ?? 0;
  to += behind;
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(to))?.[0];
  if (indentAt(text, start) === undefined || rest === undefined) return { start, end: to };
  return { start: lineStart(text, start), end: to + rest.length };
}

/** Where lines are added to a subgraph or, without one, to the chart, and what has to stand around them. */
export interface Insertion {
  readonly at: number;
  readonly indent: string;
  readonly before: string;
  readonly after: string;
}

export function endOf({ text, statements, header }: ParsedChart, subgraph: SubgraphStatement | undefined): Insertion {
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  const last = (subgraph?.body ?? statements).at(-1);
  const headEnd = (subgraph?.head ?? header?.span)?.end ?? 0;
  const [first] = subgraph?.body ?? statements;
  const around = subgraph ? (indentAt(text, subgraph.span.start) ?? '') : '';
  const indent = (first && indentAt(text, first.span.start)) ?? `${around}  `;
  const end = last ? trimmedEnd(text, last.span) : headEnd;
  // A semicolon and what else stands on the line belong to what is before.
  const behind = /^[ \t]*;?[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  const at = end + behind;
  const atLineEnd = text.startsWith('\n', at) || text.startsWith('\r\n', at) || at === text.length;
  return { at, indent, before: lineEnd, after: atLineEnd ? '' : lineEnd };
}

export const trimmedEnd = (text: string, { start, end }: Span): number =>
  start + text.slice(start, end).trimEnd().length;
