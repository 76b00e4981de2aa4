import { type ChartSource, valueBetween } from './source.ts';
import { type Span, Unexpected } from './span.ts';
import type { LabelSyntax, LabelType } from './syntax.ts';

/** Where the parser stands in the masked text. */
export interface Cursor {
  readonly source: ChartSource;
  readonly text: string;
  at: number;
  /** The kinds of arrow text for which no end follows any more, so that nobody searches for one twice. */
  readonly endless: Set<string>;
}

export const cursorOf = (source: ChartSource): Cursor => ({ source, text: source.masked, at: 0, endless: new Set() });

/** Matches a sticky pattern here and moves behind it. */
export function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (!match) return undefined;
  cursor.at = pattern.lastIndex;
  return match;
}

/** Whether a sticky pattern matches here; does not move. */
export function sees(cursor: Cursor, pattern: RegExp): boolean {
  pattern.lastIndex = cursor.at;
  return pattern.test(cursor.text);
}

const BLANKS = /[^\S\n]*/y;
export const skipBlanks = (cursor: Cursor): void => void take(cursor, BLANKS);

export const spanFrom = (cursor: Cursor, start: number): Span => ({ start, end: cursor.at });

/** A label from `start` to `end`, of which `textStart` to `textEnd` is the text proper. */
export function labelOf(cursor: Cursor, type: LabelType, outer: Span, inner: Span = outer): LabelSyntax {
  let text = valueBetween(cursor.source, inner.start, inner.end).trim();
  if (text.length > 1 && text.startsWith('"') && text.endsWith('"')) text = text.slice(1, -1);
  return { text, type, span: outer };
}

const MARKDOWN = /"`([^`"]+)`"/y;
/** With a backtick first it is Markdown, or nothing. */
const QUOTED = /"(?!`)([^"]*)"/y;

/** `"…"` or a Markdown string, if one stands here; moves behind it. */
export function takeQuoted(cursor: Cursor): LabelSyntax | undefined {
  const start = cursor.at;
  if (take(cursor, MARKDOWN)) {
    return labelOf(cursor, 'markdown', spanFrom(cursor, start), { start: start + 2, end: cursor.at - 2 });
  }
  if (take(cursor, QUOTED)) {
    return labelOf(cursor, 'string', spanFrom(cursor, start), { start: start + 1, end: cursor.at - 1 });
  }
  if (cursor.text.startsWith('"`', cursor.at)) {
    throw new Unexpected(cursor.at, 'a Markdown text that ends with `"', 'This Markdown text is not closed.');
  }
  if (cursor.text[cursor.at] === '"') {
    throw new Unexpected(cursor.at, 'a closing double quote', 'This quoted text has no closing double quote.');
  }
  return undefined;
}
