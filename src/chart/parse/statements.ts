import { type Cursor, spanFrom, spanOf, take } from './cursor.ts';
import { takeHeader } from './header.ts';
import { eat, look } from './lexer.ts';
import { type Report, Unexpected } from './span.ts';
import { takeStatement } from './statement.ts';
import { type OpenSubgraph, takeSubgraphHead } from './subgraph-head.ts';
import type { ChartSyntax, Statement } from './syntax.ts';

/** Deeper nesting is refused, so that no later step can run out of stack. */
const MOST_NESTED = 100;
/** After so many errors the rest is left unread: nobody mends more at once, and each may cost a look to the end of the text. */
const MOST_ERRORS = 100;

/** Reads a whole chart, statement by statement; what cannot be read becomes an opaque line and a diagnostic. */
export function parseStatements(cursor: Cursor, reportTo: Report): ChartSyntax {
  const { source, text } = cursor;
  let errors = 0;
  const report = ({ at, expected, message, fix }: Unexpected): void => {
    errors += 1;
    const start = source.origin(at);
    const span = { start, end: Math.min(start + 1, source.text.length) };
    const mended = fix && { ...fix, span: spanOf(cursor, fix.span.start, fix.span.end) };
    reportTo(span, expected, message, mended);
  };
  const header = guarded(cursor, report, () => takeHeader(cursor));
  const root: Statement[] = [];
  const open: OpenSubgraph[] = [];
  const into = (statement: Statement): void => void (open.at(-1)?.body ?? root).push(statement);
  const close = (end = cursor.at, tail?: Statement['span']): void => {
    const subgraph = open.pop();
    if (!subgraph) return;
    const { start, ...parts } = subgraph;
    into({ kind: 'subgraph', span: spanOf(cursor, start, end), ...parts, ...(tail && { tail }) });
  };
  if (!header && cursor.at > 0) into({ kind: 'opaque', span: spanFrom(cursor, 0) });
  let isRead = true;
  const leave = (expected: string, message: string): void => {
    report(new Unexpected(cursor.at, expected, message));
    into({ kind: 'opaque', span: spanOf(cursor, cursor.at, text.length) });
    cursor.at = text.length;
    isRead = false;
  };
  for (let word = look(cursor); word.kind !== 'nothing'; word = look(cursor)) {
    const { kind, start } = word;
    cursor.at = start;
    if (eat(cursor, 'newline') ?? eat(cursor, 'blank') ?? (kind !== 'direction' && take(cursor, BLANKS))) continue;
    if (eat(cursor, ';')) {
      const around = open.at(-1);
      if (around) around.loose ??= around.body.length;
      continue;
    }
    if (errors >= MOST_ERRORS) {
      leave('fewer errors before this place', 'The rest of the chart was not read.');
      break;
    }
    if (open.length === MOST_NESTED && kind === 'subgraph') {
      leave(`at most ${MOST_NESTED} nested subgraphs`, 'The subgraphs are nested too deep.');
      break;
    }
    if (open.length > 0 && eat(cursor, 'end')) {
      close(start + 3, spanOf(cursor, start, start + 3));
      continue;
    }
    const done = guarded(cursor, report, () => {
      const subgraph = takeSubgraphHead(cursor);
      if (subgraph) open.push(subgraph);
      else into(takeStatement(cursor));
      return true;
    });
    if (done) continue;
    const span = spanFrom(cursor, start);
    const title = { text: '', type: 'text' as const, span };
    if (kind === 'subgraph') open.push({ start, head: span, title, body: [] });
    else into({ kind: 'opaque', span });
  }
  while (open.length > 0) {
    const at = open.at(-1)?.start ?? 0;
    const fix = { title: 'Add the missing end', span: { start: text.length, end: text.length }, text: '\nend\n' };
    if (isRead) report(new Unexpected(at, '"end" for this subgraph', 'This subgraph is never closed.', fix));
    close();
  }
  return { statements: root, ...(header && { header }) };
}

const BLANKS = /\s+/y;
const LINE = /[^\n]*/y;

function guarded<T>(cursor: Cursor, report: (error: Unexpected) => void, read: () => T): T | undefined {
  const start = cursor.at;
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    report(error);
    cursor.at = start;
    take(cursor, LINE);
    return undefined;
  }
}
