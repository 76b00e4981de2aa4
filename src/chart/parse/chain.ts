import { type Cursor, spanFrom, take } from './cursor.ts';
import { looseArrow } from './label.ts';
import { takeLink } from './link.ts';
import { takeNode } from './node.ts';
import type { ChainStatement, LinkSyntax, NodeSyntax } from './syntax.ts';

const AND = /[^\S\n]+&[^\S\n]+/y;
const LOOSE_ARROW = /[^\S\n]*(?:-|=|<-)>/y;

/** `A & B --> C --> D`. An arrow may stand on the line after its node, and its target on the line after it. */
export function takeChain(cursor: Cursor): ChainStatement {
  const start = cursor.at;
  const groups = [takeGroup(cursor)];
  const links: LinkSyntax[] = [];
  for (let link = takeLink(cursor); link; link = takeLink(cursor)) {
    links.push(link);
    groups.push(takeGroup(cursor));
  }
  const end = cursor.at;
  if (take(cursor, LOOSE_ARROW)) throw looseArrow(end, cursor.at);
  return { kind: 'chain', span: spanFrom(cursor, start), groups, links };
}

function takeGroup(cursor: Cursor): NodeSyntax[] {
  const nodes = [takeNode(cursor)];
  while (take(cursor, AND)) nodes.push(takeNode(cursor));
  return nodes;
}
