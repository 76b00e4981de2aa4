import { type Cursor, skipBlanks, take } from './cursor.ts';
import { Unexpected } from './span.ts';

const SEPARATOR = /[^\S\n]*(?:[\n;]|$)/y;

/** What stands between two statements: a line end, a semicolon or the end of the chart. */
export function takeSeparator(cursor: Cursor): void {
  if (take(cursor, SEPARATOR)) return;
  skipBlanks(cursor);
  const comment = cursor.text.startsWith('%%', cursor.at);
  const found = cursor.text[cursor.at] ?? '';
  const fix = comment && {
    title: 'Put the comment on a line of its own',
    span: { start: cursor.at, end: cursor.at },
    text: '\n',
  };
  const message = comment ? 'A comment needs a line of its own.' : `"${found}" cannot stand here.`;
  throw new Unexpected(cursor.at, 'an arrow, ";" or the end of the line', message, fix || undefined);
}
