import { type Cursor, spanFrom, take } from './cursor.ts';
import { NAME, takeId } from './id.ts';
import { eat, eatAll, look } from './lexer.ts';
import { Unexpected } from './span.ts';
import type { ClassStatement, LinkStyleStatement, NoteStatement, StyleStatement } from './syntax.ts';

/** `style A fill:#fff,stroke:#000` and `classDef a,b fill:#fff`. */
export function takeStyle(cursor: Cursor, kind: 'style' | 'classDef', start: number): StyleStatement {
  const what = kind === 'style' ? 'the id to style' : 'a class name';
  takeGap(cursor, what);
  const ids = takeId(cursor, what);
  takeGap(cursor, 'styles');
  const styles = takeStyles(cursor);
  return { kind, span: spanFrom(cursor, start), ids, styles };
}

/** `class A,B className` */
export function takeClass(cursor: Cursor, start: number): ClassStatement {
  takeGap(cursor, 'ids');
  const ids = takeId(cursor, 'ids');
  takeGap(cursor, 'a class name');
  const className = takeId(cursor, 'a class name');
  return { kind: 'class', span: spanFrom(cursor, start), ids, className };
}

/** `linkStyle default|0,1 [interpolate basis] [styles]` */
export function takeLinkStyle(cursor: Cursor, start: number): LinkStyleStatement {
  takeGap(cursor, '"default" or link numbers');
  const targets: ('default' | number)[] = [];
  if (eat(cursor, 'default')) targets.push('default');
  else
    do targets.push(takeNumber(cursor));
    while (eat(cursor, ','));
  takeGap(cursor, 'styles');
  let interpolate: string | undefined;
  if (eat(cursor, 'interpolate')) {
    takeGap(cursor, 'the name of a curve');
    interpolate = takeId(cursor, 'the name of a curve', NAME).text;
  }
  const styles = interpolate === undefined || eat(cursor, 'blank') ? takeStyles(cursor) : undefined;
  return {
    kind: 'linkStyle',
    span: spanFrom(cursor, start),
    targets,
    ...(interpolate !== undefined && { interpolate }),
    ...(styles && { styles }),
  };
}

/** Mermaid looks for the arrow by its figures as they are written. */
function takeNumber(cursor: Cursor): number {
  const { text, start } = look(cursor);
  if (!eat(cursor, 'number')) throw new Unexpected(start, '"default" or link numbers');
  return text.length > 1 && text.startsWith('0') ? Infinity : Number(text);
}

/** `accTitle: …`, `accDescr: …` (to the end of the line) and `accDescr { … }`; one that is not closed says nothing. */
export function takeNote(
  cursor: Cursor,
  kind: 'accTitle' | 'accDescr',
  isBraced: boolean,
  start: number,
): NoteStatement {
  const [value = ''] = take(cursor, isBraced ? /[^}]*/y : /[^\n]*/y) ?? [];
  const isOpen = isBraced && !take(cursor, /\}/y);
  return { kind, span: spanFrom(cursor, start), value: isOpen ? '' : value.trim() };
}

export function takeGap(cursor: Cursor, what: string): void {
  if (!eat(cursor, 'blank')) throw new Unexpected(cursor.at, `a space and ${what}`);
}

const STYLE = new Set(['number', 'word', ':', 'blank', '#', 'style']);

function takeStyles(cursor: Cursor): string[] {
  const styles: string[] = [];
  do {
    const style = eatAll(cursor, STYLE);
    if (style === undefined) throw noStyle(cursor);
    styles.push(style);
  } while (eat(cursor, ','));
  if (!['newline', ';', 'nothing'].includes(look(cursor).kind)) throw noStyle(cursor);
  return styles;
}

function noStyle(cursor: Cursor): Unexpected {
  const { start, text } = look(cursor);
  return new Unexpected(start, 'a style such as fill:#f9f', `"${text.trim()}" cannot stand in a style.`);
}
