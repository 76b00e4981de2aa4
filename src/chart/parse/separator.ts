import type { Cursor } from './cursor.ts';
import { eat } from './lexer.ts';
import { Unexpected } from './span.ts';

/** What stands between two statements: a line end, a semicolon or the end of the chart. */
export function takeSeparator(cursor: Cursor): void {
  if (eat(cursor, 'newline') ?? eat(cursor, ';') ?? eat(cursor, 'nothing')) return;
  eat(cursor, 'blank');
  const { at, text } = cursor;
  const comment = text.startsWith('%%', at);
  const fix = comment && {
    title: 'Put the comment on a line of its own',
    span: { start: at, end: at },
    text: '\n',
  };
  const message = comment
    ? 'A comment needs a line of its own.'
    : `${JSON.stringify(text.charAt(at))} cannot stand here.`;
  throw new Unexpected(at, 'an arrow, ";" or the end of the line', message, fix || undefined);
}
