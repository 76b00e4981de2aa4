import { type Cursor, spanFrom, spanOf } from './cursor.ts';
import { takeClickWord } from './click.ts';
import { takeLabel } from './label.ts';
import { eat, eatAll, look } from './lexer.ts';
import { takeQuoted } from './quoted.ts';
import { takeSeparator } from './separator.ts';
import { Unexpected } from './span.ts';
import type { LabelSyntax, Statement, SubgraphStatement } from './syntax.ts';

/** A subgraph whose `end` has not been read yet. */
export interface OpenSubgraph extends Omit<SubgraphStatement, 'kind' | 'span' | 'tail'> {
  readonly start: number;
  readonly body: Statement[];
  loose?: number;
}

/** The kinds of words a title may consist of, reserved ones among them. */
const TITLE = new Set(
  'number word letters blank - & : * # v ^ style linkStyle classDef class graph subgraph end'.split(' '),
);

/** `subgraph id`, `subgraph id[title]`, `subgraph a title of words` or `subgraph "title"`. */
export function takeSubgraphHead(cursor: Cursor): OpenSubgraph | undefined {
  const keyword = eat(cursor, 'subgraph');
  if (!keyword) return undefined;
  const { start } = keyword;
  const words = eat(cursor, 'blank') && takeWords(cursor);
  if (!words) throw new Unexpected(cursor.at, 'an id or a title');
  const title = eat(cursor, '[') && takeLabel(cursor, '[', [[']', 'square']]).label;
  const head = spanFrom(cursor, start);
  if (title && look(cursor).kind === 'blank') {
    throw new Unexpected(cursor.at, 'the end of the line');
  }
  takeSeparator(cursor);
  const { raw, ...label } = words;
  const id = { text: label.text, span: label.span };
  return { start, head, title: title ?? label, body: [], ...((title || !/\s/.test(raw)) && { id }) };
}

/** What Mermaid takes for the id of the subgraph, or, when blanks are in it as it is written, for its title. */
function takeWords(cursor: Cursor): (LabelSyntax & { raw: string }) | undefined {
  const { kind, start } = look(cursor);
  cursor.at = start;
  const quoted = kind === '"' ? takeQuoted(cursor) : undefined;
  let raw = quoted?.text;
  for (;;) {
    const more = eat(cursor, 'click') ? takeClickWord(cursor, 'an id or a title').text : eatAll(cursor, TITLE);
    if (more === undefined) break;
    raw = (raw ?? '') + more;
  }
  if (raw === undefined) return undefined;
  const end = start + cursor.text.slice(start, cursor.at).trimEnd().length;
  return {
    raw,
    text: raw.trim(),
    type: quoted?.type === 'markdown' ? 'markdown' : 'text',
    span: spanOf(cursor, start, end),
  };
}
