import { type Cursor, skipBlanks, spanFrom, take } from './cursor.ts';
import { takeSeparator } from './separator.ts';
import { Unexpected } from './span.ts';
import type { ChartHeader } from './syntax.ts';

const HEADER = /\s*(flowchart-elk|flowchart|graph)\b/y;
const DIRECTION = /\s*(LR\b|RL\b|TB\b|BT\b|TD\b|BR\b|<|>|\^|v\b)/y;
const NO_DIRECTION = /[^\S\n]*(?=\n|$)/y;
const DIRECTIONS: Readonly<Record<string, string>> = { '<': 'RL', '>': 'LR', '^': 'BT', v: 'TB', TD: 'TB' };

/** `flowchart LR`, `graph TD;` */
export function takeHeader(cursor: Cursor): ChartHeader {
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
