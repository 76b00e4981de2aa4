import { type Cursor, spanFrom } from './cursor.ts';
import { eatAll, look } from './lexer.ts';
import { Unexpected } from './span.ts';
import type { Word } from './syntax.ts';

/** The kinds of words that ids, and the names of callbacks and curves, are made of. */
export const NAME = new Set(['number', 'word', 'letters', 'v', '-', ',', ':', '&', '#', '*']);
const ID = new Set([...NAME, 'default']);

/** Reads an id as Mermaid does: word by word, so a reserved word or an arrow ends it. */
export function takeId(cursor: Cursor, what: string, kinds: ReadonlySet<string> = ID): Word {
  const { kind, text: found, start } = look(cursor);
  const text = eatAll(cursor, kinds);
  if (text !== undefined) return { text, span: spanFrom(cursor, start) };
  const [name = ''] = /^\w+/.exec(found) ?? [];
  if (name !== '' && (kind === 'arrow' || kind === 'open')) {
    throw new Unexpected(start + 1, 'a space', `"${name}" right before an arrow is read as its tail.`);
  }
  if (name !== '') throw new Unexpected(start, what, `"${name}" is a reserved word here.`);
  const [word = ''] = /^\S*/.exec(cursor.text.slice(start, start + 100)) ?? [];
  throw new Unexpected(start, what, word === '' ? `The chart ends here.` : `"${word}" does not begin ${what}.`);
}
