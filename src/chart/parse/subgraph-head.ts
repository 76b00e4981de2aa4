import { type Cursor, labelOf, sees, spanFrom, take, takeQuoted } from './cursor.ts';
import { takeLabel, withTail } from './label.ts';
import { takeSeparator } from './separator.ts';
import { Unexpected } from './span.ts';
import type { Statement, SubgraphStatement } from './syntax.ts';

/** A subgraph whose `end` has not been read yet. */
export interface OpenSubgraph extends Omit<SubgraphStatement, 'kind' | 'span' | 'tail'> {
  readonly start: number;
  readonly body: Statement[];
}

const SUBGRAPH = /subgraph\b/y;
const TITLE = /[^\n;[\](){}<>|"]*/y;

/** `subgraph id`, `subgraph id[title]`, `subgraph a title of words` or `subgraph "title"`. */
export function takeSubgraphHead(cursor: Cursor): OpenSubgraph | undefined {
  const start = cursor.at;
  if (!take(cursor, SUBGRAPH)) return undefined;
  const blank = take(cursor, /[^\S\n]/y);
  const textStart = cursor.at;
  const quoted = blank && takeQuoted(cursor);
  // Blanks within quotes are no name, but a title.
  const inQuotes = quoted && cursor.text.slice(quoted.span.start + 1, quoted.span.end - 1);
  const tailStart = cursor.at;
  const behind = blank ? (take(cursor, TITLE)?.[0] ?? '') : '';
  // A carriage return is a blank by now, but not one that makes two words of a title.
  const tail = cursor.source.text[cursor.at - 1] === '\r' ? behind.slice(0, -1) : behind;
  const raw = inQuotes === undefined ? tail.trimStart() : inQuotes + tail;
  const words = quoted
    ? withTail(cursor, quoted, tailStart)
    : labelOf(cursor, 'text', { start: textStart, end: cursor.at });
  const title = raw.trim() !== '' && sees(cursor, /\[/y) ? takeTitle(cursor) : undefined;
  const head = spanFrom(cursor, start);
  if (words.text === '' && (title || !inQuotes))
    throw new Unexpected(cursor.at, 'an id or a title', 'A subgraph needs a name.');
  if (title && sees(cursor, /[^\S\n]/y) && cursor.source.text[cursor.at] !== '\r') {
    throw new Unexpected(cursor.at, 'the end of the line', 'No blank can stand behind the title of a subgraph.');
  }
  takeSeparator(cursor);
  const label = title ?? (words.type === 'string' ? { ...words, type: 'text' as const } : words);
  const named = title !== undefined || !/\s/.test(raw);
  const id = { text: words.text, span: words.span };
  return { start, head, title: label, body: [], ...(named && { id }) };
}

function takeTitle(cursor: Cursor): SubgraphStatement['title'] {
  cursor.at += 1;
  return takeLabel(cursor, '[', [[']', 'square']]).label;
}
