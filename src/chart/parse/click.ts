import { type Cursor, spanFrom, take } from './cursor.ts';
import { NAME, takeId } from './id.ts';
import { eat, look } from './lexer.ts';
import { skipNothing, takeQuoted } from './quoted.ts';
import { Unexpected } from './span.ts';
import type { ClickStatement, Word } from './syntax.ts';

/** The name is whatever stands before the parenthesis. */
const CALL = /([^(]+)\((?:\s*\)|([^)]+)\))/y;

/** Behind `click `: all up to the next blank. */
export function takeClickWord(cursor: Cursor, what: string): Word {
  skipNothing(cursor);
  const start = cursor.at;
  const text = take(cursor, /[^\s"]\S*/y)?.[0];
  if (text === undefined) throw new Unexpected(start, what);
  const word = { text, span: spanFrom(cursor, start) };
  take(cursor, /\s/y);
  return word;
}

/** `click A "url" "tooltip" _blank`, `click A href "url"`, `click A call f(x) "tooltip"`, `click A f "tooltip"`. */
export function takeClick(cursor: Cursor, start: number): ClickStatement {
  const ids = takeClickWord(cursor, 'a node id');
  const href = eat(cursor, 'href');
  const link = takeString(cursor);
  if (href && link === undefined) throw new Unexpected(cursor.at, 'a link in double quotes');
  const callback = link === undefined ? takeCallback(cursor) : undefined;
  let gap = eat(cursor, 'blank');
  const tooltip = gap && takeString(cursor);
  if (tooltip !== undefined) gap = eat(cursor, 'blank');
  const linkTarget = gap && link !== undefined ? eat(cursor, 'target')?.text : undefined;
  if (gap && linkTarget === undefined) throw new Unexpected(cursor.at, 'a text in double quotes');
  return {
    kind: 'click',
    span: spanFrom(cursor, start),
    ids,
    ...(link !== undefined && { link }),
    ...(linkTarget !== undefined && { linkTarget }),
    ...callback,
    ...(tooltip !== undefined && { tooltip }),
  };
}

function takeCallback(cursor: Cursor): Pick<ClickStatement, 'callback' | 'callbackArguments'> {
  if (!eat(cursor, 'call')) return { callback: takeId(cursor, 'a link or a callback', NAME).text };
  const call = take(cursor, CALL);
  if (!call) throw new Unexpected(cursor.at, 'a function as in call name()');
  const [, callback = '', callbackArguments] = call;
  return { callback, ...(callbackArguments !== undefined && { callbackArguments }) };
}

function takeString(cursor: Cursor): string | undefined {
  const { kind, start } = look(cursor);
  if (kind !== '"') return undefined;
  cursor.at = start;
  const quoted = takeQuoted(cursor);
  if (quoted?.type === 'string') return quoted.text;
  throw new Unexpected(start, 'a text in double quotes');
}
