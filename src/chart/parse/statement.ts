import { takeChain } from './chain.ts';
import { type Cursor, spanFrom, take } from './cursor.ts';
import { takeClass, takeClick, takeLinkStyle, takeNote, takeStyle } from './directives.ts';
import { takeSeparator } from './separator.ts';
import type { Statement } from './syntax.ts';

const KEYWORD = /(style|linkStyle|classDef|class|click(?=\s))\b/y;
const NOTE = /(accTitle|accDescr)\s*:[^\S\n]*/y;
const BRACED_NOTE = /accDescr\s*\{\s*/y;
const DIRECTION_STATEMENT = /direction[^\S\n]+(TB|BT|RL|LR|TD)\b[^\n;]*/y;

/** Any statement but a subgraph, with the separator behind it. */
export function takeStatement(cursor: Cursor): Statement {
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
