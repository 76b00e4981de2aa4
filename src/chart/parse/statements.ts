import { type Cursor, sees, spanFrom, take } from './cursor.ts';
import { takeHeader } from './header.ts';
import { type ChartDiagnostic, positionsOf, type Span, Unexpected } from './span.ts';
import { takeStatement } from './statement.ts';
import { type OpenSubgraph, takeSubgraphHead } from './subgraph-head.ts';
import type { ChartSyntax, Statement } from './syntax.ts';

/** Deeper nesting is refused, so that no later step can run out of stack. */
const MOST_NESTED = 100;
/** After so many errors the rest is left unread: nobody mends more at once, and each may cost a look to the end of the text. */
const MOST_ERRORS = 100;

/** Reads a whole chart, statement by statement; what cannot be read becomes an opaque line and a diagnostic. */
export function parseStatements(cursor: Cursor): ChartSyntax {
  const diagnostics: ChartDiagnostic[] = [];
  const position = positionsOf(cursor.source.text);
  const report = (error: Unexpected, end = cursor.source.text.length): void => {
    const span = { start: error.at, end: Math.min(error.at + 1, end) };
    const { expected, message, fix } = error;
    diagnostics.push({ ...position(error.at), expected, message, severity: 'error', span, ...(fix && { fix }) });
  };
  take(cursor, BLANK);
  const first = cursor.at;
  const header = guarded(cursor, report, () => takeHeader(cursor));
  const root: Statement[] = [];
  const open: OpenSubgraph[] = [];
  const into = (statement: Statement): void => void (open.at(-1)?.body ?? root).push(statement);
  const close = (tail?: Span): void => {
    const subgraph = open.pop();
    if (!subgraph) return;
    const { start, ...parts } = subgraph;
    into({ kind: 'subgraph', span: spanFrom(cursor, start), ...parts, ...(tail && { tail }) });
  };
  if (!header && cursor.at > first) into({ kind: 'opaque', span: spanFrom(cursor, first) });
  let isRead = true;
  const leave = (start: number, expected: string, message: string): void => {
    report(new Unexpected(start, expected, message));
    cursor.at = cursor.text.length;
    into({ kind: 'opaque', span: spanFrom(cursor, start) });
    isRead = false;
  };
  for (take(cursor, EMPTY); cursor.at < cursor.text.length; take(cursor, EMPTY)) {
    const start = cursor.at;
    if (diagnostics.length >= MOST_ERRORS) {
      leave(start, 'fewer errors before this place', 'The rest of the chart was not read.');
      break;
    }
    if (open.length === MOST_NESTED && sees(cursor, DEEPER)) {
      leave(start, `at most ${MOST_NESTED} nested subgraphs`, 'The subgraphs are nested too deep.');
      break;
    }
    const done = guarded(cursor, report, () => {
      if (open.length > 0 && take(cursor, END)) {
        close({ start, end: start + 3 });
        return true;
      }
      const subgraph = takeSubgraphHead(cursor);
      if (subgraph) open.push(subgraph);
      else into(takeStatement(cursor));
      return true;
    });
    if (done) continue;
    const span = spanFrom(cursor, start);
    const title = { text: '', type: 'text' as const, span };
    if (/^subgraph\b/.test(cursor.text.slice(start, cursor.at))) {
      open.push({ start, head: span, title, body: [] });
    } else {
      into({ kind: 'opaque', span });
    }
  }
  while (open.length > 0) {
    const at = open.at(-1)?.head.start ?? 0;
    const { length } = cursor.text;
    const fix = { title: 'Add the missing end', span: { start: length, end: length }, text: '\nend\n' };
    if (isRead) report(new Unexpected(at, '"end" for this subgraph', 'This subgraph is never closed.', fix));
    close();
  }
  return { statements: root, diagnostics, ...(header && { header }) };
}

const BLANK = /\s*/y;
const EMPTY = /[\s;]*/y;
const END = /end\b/y;
const DEEPER = /subgraph\b/y;
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
