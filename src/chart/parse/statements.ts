import { takeChain } from './chain.ts';
import { type Cursor, sees, skipBlanks, spanFrom, take, takeQuoted, labelOf } from './cursor.ts';
import { takeClass, takeClick, takeLinkStyle, takeNote, takeStyle } from './directives.ts';
import { takeLabel } from './label.ts';
import { type ChartDiagnostic, Unexpected, positionsOf } from './span.ts';
import type { ChartHeader, ChartSyntax, Statement, SubgraphStatement } from './syntax.ts';

/** Deeper nesting is refused, so that no later step can run out of stack. */
const MOST_NESTED = 100;

/** Reads a whole chart, statement by statement; what cannot be read becomes an opaque line and a diagnostic. */
export function parseStatements(cursor: Cursor): ChartSyntax {
  const diagnostics: ChartDiagnostic[] = [];
  const position = positionsOf(cursor.source.text);
  const report = (error: Unexpected, end = cursor.source.text.length): void => {
    const span = { start: error.at, end: Math.min(Math.max(error.at + 1, error.at), end) };
    const { expected, message } = error;
    diagnostics.push({ ...position(error.at), expected, message, severity: 'error', span });
  };
  const header = guarded(cursor, report, () => takeHeader(cursor));
  const root: Statement[] = [];
  const open: OpenSubgraph[] = [];
  const into = (statement: Statement): void => void (open.at(-1)?.body ?? root).push(statement);
  const close = (tail?: { start: number; end: number }): void => {
    const subgraph = open.pop();
    if (!subgraph) return;
    const { start, ...parts } = subgraph;
    into({ kind: 'subgraph', span: spanFrom(cursor, start), ...parts, ...(tail && { tail }) });
  };
  for (take(cursor, EMPTY); cursor.at < cursor.text.length; take(cursor, EMPTY)) {
    const start = cursor.at;
    const done = guarded(cursor, report, () => {
      if (open.length > 0 && take(cursor, END)) {
        close({ start, end: start + 3 });
        return true;
      }
      const subgraph = takeSubgraphHead(cursor);
      if (subgraph && open.length === MOST_NESTED) {
        throw new Unexpected(start, `at most ${MOST_NESTED} nested subgraphs`, 'The subgraphs are nested too deep.');
      }
      if (subgraph) open.push(subgraph);
      else into(takeStatement(cursor));
      return true;
    });
    if (done) continue;
    const span = spanFrom(cursor, start);
    const title = { text: '', type: 'text' as const, span };
    if (/^subgraph\b/.test(cursor.text.slice(start, cursor.at)) && open.length < MOST_NESTED) {
      open.push({ start, head: span, title, body: [] });
    } else {
      into({ kind: 'opaque', span });
    }
  }
  while (open.length > 0) {
    const at = open.at(-1)?.head.start ?? 0;
    report(new Unexpected(at, '"end" for this subgraph', 'This subgraph is never closed.'));
    close();
  }
  return { statements: root, diagnostics, ...(header && { header }) };
}

interface OpenSubgraph extends Omit<SubgraphStatement, 'kind' | 'span' | 'tail'> {
  readonly start: number;
  readonly body: Statement[];
}

const EMPTY = /[\s;]*/y;
const END = /end\b/y;
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

const HEADER = /\s*(flowchart-elk|flowchart|graph)\b/y;
const DIRECTION = /\s*(LR\b|RL\b|TB\b|BT\b|TD\b|BR\b|<|>|\^|v\b)/y;
const NO_DIRECTION = /[^\S\n]*(?=\n|$)/y;
const DIRECTIONS: Readonly<Record<string, string>> = { '<': 'RL', '>': 'LR', '^': 'BT', v: 'TB', TD: 'TB' };

function takeHeader(cursor: Cursor): ChartHeader {
  const match = take(cursor, HEADER);
  if (!match) {
    take(cursor, /\s*/y);
    throw new Unexpected(
      cursor.at,
      '"flowchart" or "graph"',
      'A chart begins with flowchart or graph and a direction.',
    );
  }
  const keyword = match[1] ?? '';
  const start = cursor.at - keyword.length;
  if (take(cursor, NO_DIRECTION)) return { span: { start, end: start + keyword.length }, keyword, direction: 'TB' };
  const direction = take(cursor, DIRECTION)?.[1];
  if (direction === undefined) {
    skipBlanks(cursor);
    throw new Unexpected(cursor.at, 'a direction: TB, TD, BT, LR or RL', 'This is no direction.');
  }
  const span = spanFrom(cursor, start);
  takeSeparator(cursor);
  return { span, keyword, direction: DIRECTIONS[direction] ?? direction };
}

const SEPARATOR = /[^\S\n]*(?:[\n;]|$)/y;

function takeSeparator(cursor: Cursor): void {
  if (take(cursor, SEPARATOR)) return;
  skipBlanks(cursor);
  const comment = cursor.text.startsWith('%%', cursor.at);
  const found = cursor.text[cursor.at] ?? '';
  const message = comment ? 'A comment needs a line of its own.' : `"${found}" cannot stand here.`;
  throw new Unexpected(cursor.at, 'an arrow, ";" or the end of the line', message);
}

const KEYWORD = /(style|linkStyle|classDef|class|click(?=\s))\b/y;
const NOTE = /(accTitle|accDescr)\s*:[^\S\n]*/y;
const BRACED_NOTE = /accDescr\s*\{\s*/y;
const DIRECTION_STATEMENT = /direction[^\S\n]+(TB|BT|RL|LR|TD)\b[^\n;]*/y;

function takeStatement(cursor: Cursor): Statement {
  const start = cursor.at;
  const note = take(cursor, NOTE)?.[1];
  if (note === 'accTitle' || note === 'accDescr') return takeNote(cursor, note, false, start);
  if (take(cursor, BRACED_NOTE)) return takeNote(cursor, 'accDescr', true, start);
  const direction = take(cursor, DIRECTION_STATEMENT)?.[1];
  if (direction !== undefined) {
    return { kind: 'direction', span: spanFrom(cursor, start), value: direction };
  }
  const statement = takeOther(cursor, take(cursor, KEYWORD)?.[1], start);
  takeSeparator(cursor);
  return statement;
}

function takeOther(cursor: Cursor, keyword: string | undefined, start: number): Statement {
  if (keyword === 'style' || keyword === 'classDef') return takeStyle(cursor, keyword, start);
  if (keyword === 'class') return takeClass(cursor, start);
  if (keyword === 'linkStyle') return takeLinkStyle(cursor, start);
  if (keyword === 'click') return takeClick(cursor, start);
  return takeChain(cursor);
}

const SUBGRAPH = /subgraph\b/y;
const TITLE = /[^\n;[\](){}<>|"]*/y;

/** `subgraph id`, `subgraph id[title]`, `subgraph a title of words` or `subgraph "title"`. */
function takeSubgraphHead(cursor: Cursor): OpenSubgraph | undefined {
  const start = cursor.at;
  if (!take(cursor, SUBGRAPH)) return undefined;
  const blank = take(cursor, /[^\S\n]/y);
  const textStart = cursor.at;
  const quoted = blank && takeQuoted(cursor);
  if (quoted) skipBlanks(cursor);
  const raw = quoted ? quoted.text : blank ? (take(cursor, TITLE)?.[0] ?? '') : '';
  const words = quoted ?? labelOf(cursor, 'text', { start: textStart, end: cursor.at });
  const title = raw.trim() !== '' && sees(cursor, /\[/y) ? takeTitle(cursor) : undefined;
  const head = spanFrom(cursor, start);
  if (words.text === '') throw new Unexpected(cursor.at, 'an id or a title', 'A subgraph needs a name.');
  takeSeparator(cursor);
  const label = title ?? (words.type === 'string' ? { ...words, type: 'text' as const } : words);
  const named = title !== undefined || !/\s/.test(raw.replace(/\r$/, ''));
  const id = { text: words.text, span: words.span };
  return { start, head, title: label, body: [], ...(named && { id }) };
}

function takeTitle(cursor: Cursor): SubgraphStatement['title'] {
  cursor.at += 1;
  return takeLabel(cursor, '[', [[']', 'square']]).label;
}
