import { takeChain } from './chain.ts';
import { takeClick } from './click.ts';
import { type Cursor, spanFrom } from './cursor.ts';
import { takeClass, takeLinkStyle, takeNote, takeStyle } from './directives.ts';
import { look } from './lexer.ts';
import { takeSeparator } from './separator.ts';
import type { Statement } from './syntax.ts';

/** Any statement but a subgraph, with the separator behind it. */
export function takeStatement(cursor: Cursor): Statement {
  const { kind, start, end, text } = look(cursor);
  const from = cursor.at;
  cursor.at = end;
  switch (kind) {
    case 'accTitle':
    case 'accDescr':
      return takeNote(cursor, kind, false, start);
    case 'accDescr{':
      return takeNote(cursor, 'accDescr', true, start);
    case 'direction': {
      const line = cursor.text.slice(start, end);
      return { kind, span: spanFrom(cursor, start + line.search(/\S/)), value: text };
    }
  }
  const statement = takeSeparated(cursor, kind, start, from);
  takeSeparator(cursor);
  return statement;
}

function takeSeparated(cursor: Cursor, kind: string, start: number, from: number): Statement {
  switch (kind) {
    case 'style':
    case 'classDef':
      return takeStyle(cursor, kind, start);
    case 'class':
      return takeClass(cursor, start);
    case 'linkStyle':
      return takeLinkStyle(cursor, start);
    case 'click':
      return takeClick(cursor, start);
  }
  cursor.at = from;
  return takeChain(cursor);
}
