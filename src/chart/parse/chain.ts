import { type Cursor, spanFrom, take } from './cursor.ts';
import { looseArrow } from './label.ts';
import { BLANK, eat, eatAll, look } from './lexer.ts';
import { takeLink } from './link.ts';
import { takeNode } from './node.ts';
import { Unexpected } from './span.ts';
import type { ChainStatement, LinkSyntax, NodeSyntax } from './syntax.ts';

const LOOSE_ARROW = /[^\S\n]*(?:-|=|<-)>/y;

/** `A & B --> C --> D`. An arrow may stand on the line after its node, and its target on the line after it. */
export function takeChain(cursor: Cursor): ChainStatement {
  const { start } = look(cursor);
  const groups = [takeGroup(cursor)];
  const links: LinkSyntax[] = [];
  for (let link = takeLink(cursor); link; link = takeLink(cursor)) {
    links.push(link);
    groups.push(takeGroup(cursor));
  }
  const end = cursor.at;
  if (take(cursor, LOOSE_ARROW)) throw looseArrow(end, cursor.at);
  const span = spanFrom(cursor, start);
  eatAll(cursor, BLANK);
  return { kind: 'chain', span, groups, links };
}

function takeGroup(cursor: Cursor): NodeSyntax[] {
  const nodes = [takeNode(cursor)];
  for (;;) {
    const end = cursor.at;
    if (!eatAll(cursor, BLANK) || !eat(cursor, '&')) {
      cursor.at = end;
      return nodes;
    }
    if (!eatAll(cursor, BLANK)) throw new Unexpected(cursor.at, 'a space');
    nodes.push(takeNode(cursor));
  }
}
