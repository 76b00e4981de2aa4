import { type Cursor, spanFrom, take } from './cursor.ts';
import { eat } from './lexer.ts';
import { skipNothing } from './quoted.ts';
import { takeSeparator } from './separator.ts';
import { Unexpected } from './span.ts';
import type { ChartHeader } from './syntax.ts';

const DIRECTION = /\s*((?:LR|RL|TB|BT|TD|BR|v)\b|[<>^])/y;
const NO_DIRECTION = /\s*\n/y;
const LINE_END = /[^\S\n]*\n/y;
const DIRECTIONS: Readonly<Record<string, string>> = { '<': 'RL', '>': 'LR', '^': 'BT', v: 'TB', TD: 'TB' };

/** `flowchart LR`, `graph TD;` */
export function takeHeader(cursor: Cursor): ChartHeader {
  const keyword = eat(cursor, 'graph')?.text;
  if (keyword === undefined) {
    throw new Unexpected(
      cursor.at,
      '"flowchart" or "graph"',
      'A chart begins with flowchart or graph and a direction.',
    );
  }
  const alone = spanFrom(cursor, 0);
  skipNothing(cursor);
  if (take(cursor, NO_DIRECTION)) return { span: alone, keyword, direction: 'TB' };
  const direction = take(cursor, DIRECTION)?.[1];
  if (direction === undefined) {
    take(cursor, /\s*/y);
    throw new Unexpected(cursor.at, 'a direction: TB, TD, BT, LR or RL');
  }
  const span = spanFrom(cursor, 0);
  // Blanks may stand before the line end, but not before a semicolon.
  if (!take(cursor, LINE_END)) takeSeparator(cursor);
  return { span, keyword, direction: DIRECTIONS[direction] ?? direction };
}
