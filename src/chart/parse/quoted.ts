import { type Cursor, take } from './cursor.ts';
import { Unexpected } from './span.ts';
import type { LabelType } from './syntax.ts';

const MARKDOWN = /"`([^`"]+)`"/y;
/** With a backtick first, or behind it, it is Markdown or nothing. */
const QUOTED = /"(?!`)([^"]+)"(?!`)/y;

/** `"…"` or a Markdown string, if one stands here; moves behind it. */
export function takeQuoted(cursor: Cursor): { text: string; type: LabelType } | undefined {
  const markdown = take(cursor, MARKDOWN)?.[1];
  if (markdown !== undefined) return { text: markdown, type: 'markdown' };
  const text = take(cursor, QUOTED)?.[1];
  if (text !== undefined) return { text, type: 'string' };
  if (cursor.text.startsWith('"`', cursor.at)) {
    throw new Unexpected(cursor.at, 'a Markdown text that ends with `"');
  }
  if (cursor.text[cursor.at] === '"') {
    throw new Unexpected(cursor.at, 'a closing double quote', 'This quoted text has no closing double quote.');
  }
  return undefined;
}

/** Quotes with nothing between them say nothing to Mermaid, not even that a text begins. */
const NOTHING = /(?:""(?!`)|"``")+/y;
export const skipNothing = (cursor: Cursor): void => void take(cursor, NOTHING);

/** The text of a label, box or arrow as Mermaid keeps it. */
export function labelText(raw: string): string {
  const text = raw.trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
