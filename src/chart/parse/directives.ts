import { type Cursor, sees, skipBlanks, spanFrom, take, takeQuoted } from './cursor.ts';
import { takeId } from './node.ts';
import { Unexpected } from './span.ts';
import type {
  ClassStatement,
  ClickStatement,
  LinkStyleStatement,
  NoteStatement,
  StyleStatement,
  Word,
} from './syntax.ts';
import { valueBetween } from './source.ts';

const GAP = /[^\S\n]+/y;
const REST = /[^\n;]*/y;
const NOT_BLANK = /[^\s;]+/y;

/** `style A fill:#fff,stroke:#000` and `classDef a,b fill:#fff`. */
export function takeStyle(cursor: Cursor, kind: 'style' | 'classDef', start: number): StyleStatement {
  const ids = takeWord(cursor, kind === 'style' ? 'the id to style' : 'a class name');
  takeGap(cursor, 'styles');
  const styles = takeStyles(cursor);
  return { kind, span: spanFrom(cursor, start), ids, styles };
}

/** `class A,B className` */
export function takeClass(cursor: Cursor, start: number): ClassStatement {
  const ids = takeWord(cursor, 'ids');
  const className = takeWord(cursor, 'a class name');
  return { kind: 'class', span: spanFrom(cursor, start), ids, className };
}

const INTERPOLATE = /[^\S\n]+interpolate[^\S\n]+([^\s;]+)/y;

/** `linkStyle default|0,1 [interpolate basis] [styles]` */
export function takeLinkStyle(cursor: Cursor, start: number): LinkStyleStatement {
  const word = takeWord(cursor, '"default" or link numbers');
  const targets = word.text.split(',').map((target) => {
    if (target === 'default') return target;
    if (/^\d+$/.test(target)) return Number(target);
    throw new Unexpected(word.span.start, '"default" or link numbers', `"${target}" is neither.`);
  });
  const interpolate = take(cursor, INTERPOLATE)?.[1];
  const styles = take(cursor, GAP) ? takeStyles(cursor) : [];
  if (interpolate === undefined && styles.length === 0) {
    throw new Unexpected(cursor.at, 'styles', 'There are no styles for these links.');
  }
  return {
    kind: 'linkStyle',
    span: spanFrom(cursor, start),
    targets,
    ...(interpolate !== undefined && { interpolate }),
    ...(styles.length > 0 && { styles }),
  };
}

const HREF = /href[^\S\n]+/y;
/** The name is whatever stands before the parenthesis. */
const CALL = /call\s+([^(]*)\(([^)]*)\)/y;
const CALL_START = /call\s/y;
const TARGET = /_(?:self|blank|parent|top)\b/y;

/** `click A "url" "tooltip" _blank`, `click A href "url"`, `click A call f(x) "tooltip"`, `click A f "tooltip"`. */
export function takeClick(cursor: Cursor, start: number): ClickStatement {
  const ids = takeWord(cursor, 'a node id');
  takeGap(cursor, 'a link or a callback');
  const href = take(cursor, HREF);
  const link = takeQuoted(cursor);
  if (href && !link) throw new Unexpected(cursor.at, 'a quoted link', 'The link after "href" stands in double quotes.');
  const call = link ? undefined : take(cursor, CALL);
  if (!link && !call && sees(cursor, CALL_START)) {
    throw new Unexpected(
      cursor.at,
      'a function as in call name()',
      'The function to call has no parentheses behind it.',
    );
  }
  const callback = link ? undefined : (call?.[1] ?? takeId(cursor, 'a callback').text);
  const callbackArguments = call?.[2]?.trim() ? call[2] : undefined;
  skipBlanks(cursor);
  const tooltip = takeQuoted(cursor);
  skipBlanks(cursor);
  const linkTarget = link && take(cursor, TARGET)?.[0];
  return {
    kind: 'click',
    span: spanFrom(cursor, start),
    ids,
    ...(link && { link: link.text }),
    ...(linkTarget !== undefined && { linkTarget }),
    ...(callback !== undefined && { callback }),
    ...(callbackArguments !== undefined && { callbackArguments }),
    ...(tooltip && { tooltip: tooltip.text }),
  };
}

const LINE = /[^\n]*/y;
const BRACED = /([^}]*)\}/y;

/** `accTitle: …`, `accDescr: …` (to the end of the line) and `accDescr { … }`. */
export function takeNote(cursor: Cursor, kind: 'accTitle' | 'accDescr', braced: boolean, start: number): NoteStatement {
  const from = cursor.at;
  const match = take(cursor, braced ? BRACED : LINE);
  if (!match) throw new Unexpected(cursor.at, '"}"', 'The description that "{" opens is not closed.');
  const value = valueBetween(cursor.source, from, from + (match[1] ?? match[0]).length).trim();
  return { kind, span: spanFrom(cursor, start), value };
}

function takeWord(cursor: Cursor, what: string): Word {
  takeGap(cursor, what);
  const match = take(cursor, NOT_BLANK);
  if (!match) throw new Unexpected(cursor.at, what, `Here ${what} must follow.`);
  return { text: match[0], span: { start: match.index, end: cursor.at } };
}

function takeGap(cursor: Cursor, what: string): void {
  if (!take(cursor, GAP)) throw new Unexpected(cursor.at, `a space and ${what}`, `Here ${what} must follow.`);
}

const NO_STYLE = /[[\](){}<>|@^~=]/;

function takeStyles(cursor: Cursor): string[] {
  const start = cursor.at;
  const line = take(cursor, REST)?.[0] ?? '';
  // A carriage return is a blank by now, but none of the style's.
  const written = cursor.source.text[cursor.at - 1] === '\r' ? line.slice(0, -1) : line;
  const text = written + takeBehindColour(cursor, written);
  const wrong = text.search(NO_STYLE);
  if (wrong !== -1) {
    throw new Unexpected(start + wrong, 'a style such as fill:#f9f', `"${text[wrong]}" cannot stand in a style.`);
  }
  return text.trim() === '' ? [] : text.split(',');
}

/**
 * From a line with a colour in a style Mermaid takes the last semicolon, so what is behind it belongs to the style; a colour before
 * any other semicolon it reads as the entity of a character.
 */
function takeBehindColour(cursor: Cursor, text: string): string {
  if (!/:\S*#/.test(text) || cursor.text[cursor.at] !== ';') return '';
  const end = cursor.text.indexOf('\n', cursor.at);
  const rest = cursor.text.slice(cursor.at + 1, end === -1 ? undefined : end);
  if (rest.includes(';')) {
    if (!/#\w+$/.test(text)) return '';
    const message = 'A statement behind a style with a colour needs a line of its own.';
    throw new Unexpected(cursor.at, 'the end of the line behind the colour', message);
  }
  if (rest.trim() === '') return '';
  cursor.at += 1 + rest.length;
  return rest;
}
