import { type Cursor, spanFrom, spanOf } from './cursor.ts';
import { takeLabel } from './label.ts';
import { arrowAt, BLANK, eat, eatAll, type Token } from './lexer.ts';
import { labelText, skipNothing, takeQuoted } from './quoted.ts';
import { Unexpected } from './span.ts';
import type { LabelSyntax, LinkSyntax, Word } from './syntax.ts';

/** Reads `-->`, `-- text -->`, `-->|text|` or `e1@-->`; undefined when no arrow stands here. */
export function takeLink(cursor: Cursor): LinkSyntax | undefined {
  const start = cursor.at;
  eatAll(cursor, BLANK);
  const name = eat(cursor, 'name');
  const id: Word | undefined = name && { text: name.text, span: spanOf(cursor, name.start, name.end - 1) };
  const arrow = takeArrow(cursor);
  if (arrow) return { span: spanFrom(cursor, start), ...arrow, ...(id && { id }) };
  if (name) throw new Unexpected(cursor.at, 'an arrow');
  cursor.at = start;
  return undefined;
}

function takeArrow(cursor: Cursor): Omit<LinkSyntax, 'span'> | undefined {
  const arrow = eat(cursor, 'arrow');
  if (arrow) {
    const label = takeBarLabel(cursor);
    return { ...linkOf(arrow.text), ...(label && { label }) };
  }
  const open = eat(cursor, 'open');
  if (!open) return undefined;
  const { label, close } = takeInnerLabel(cursor, open);
  return { ...linkOf(close, open.text), label };
}

function takeBarLabel(cursor: Cursor): LabelSyntax | undefined {
  if (!eat(cursor, '|')) return undefined;
  const { label } = takeLabel(cursor, '|', [['|', 'label']]);
  eat(cursor, 'blank');
  return label;
}

/** What the text of an arrow cannot hold, by its stroke: there its end must stand. */
const STOPS = { normal: /--|"/g, thick: /[="]/g, dotted: /[."]/g } as const;

function takeInnerLabel(cursor: Cursor, open: Token): { label: LabelSyntax; close: string } {
  const stroke = strokeOf(open.text);
  const stop = STOPS[stroke];
  const start = cursor.at;
  skipNothing(cursor);
  const quoted = takeQuoted(cursor);
  let raw = quoted?.text ?? '';
  for (;;) {
    const from = cursor.at;
    stop.lastIndex = from;
    const found = stop.exec(cursor.text);
    cursor.at = found?.index ?? from;
    const isQuote = found?.[0] === '"';
    if (!isQuote) toTail(cursor, from, found?.[0] === '.');
    raw += cursor.text.slice(from, cursor.at);
    if (!isQuote) break;
    const quote = cursor.at;
    skipNothing(cursor);
    if (cursor.at > quote) continue;
    throw new Unexpected(quote, 'no double quote', 'Put the whole arrow text in double quotes, or none of it.');
  }
  const end = cursor.at;
  const close = arrowAt(cursor, end);
  if (close?.kind !== 'arrow' || strokeOf(close.text) !== stroke || close.text.startsWith('~')) {
    throw new Unexpected(cursor.at, 'an arrow end such as -->');
  }
  if (raw === '') throw new Unexpected(start, 'a label');
  const label = { text: labelText(raw), type: quoted?.type ?? 'text', span: spanOf(cursor, start, end) };
  cursor.at = close.end;
  return { label, close: close.text };
}

/** The end of an arrow begins before what stops its text, with its tail and the blanks around. */
function toTail(cursor: Cursor, from: number, isDotted: boolean): void {
  const isBehind = (pattern: RegExp): boolean => cursor.at > from && pattern.test(cursor.text.charAt(cursor.at - 1));
  if (isDotted && isBehind(/-/)) cursor.at -= 1;
  if (isBehind(/[xo<]/)) cursor.at -= 1;
  while (isBehind(/\s/)) cursor.at -= 1;
}

function strokeOf(operator: string): keyof typeof STOPS {
  if (operator.includes('.')) return 'dotted';
  return operator.includes('=') ? 'thick' : 'normal';
}

const TYPES: Readonly<Record<string, string>> = {
  x: 'arrow_cross',
  o: 'arrow_circle',
  '<': 'arrow_point',
  '>': 'arrow_point',
};

/** Mermaid's names for what an arrow is made of; for `-- text -->` from its two parts. */
function linkOf(close: string, opening?: string): Pick<LinkSyntax, 'type' | 'stroke' | 'length'> {
  const head = close.slice(-1);
  const isDouble = head in TYPES && close.startsWith(head === '>' ? '<' : head);
  const type = `${isDouble ? 'double_' : ''}${TYPES[head] ?? 'arrow_open'}`;
  const line = close.slice(isDouble ? 1 : 0, -1);
  const dots = line.split('.').length - 1;
  const stroke = dots > 0 ? 'dotted' : line.startsWith('=') ? 'thick' : line.startsWith('~') ? 'invisible' : 'normal';
  const length = Math.min(10, dots > 0 ? dots : line.length - 1);
  const tail = opening && TYPES[opening.slice(0, 1)];
  const fits = opening === undefined || (strokeOf(opening) === stroke && (!tail || tail === type));
  if (!fits) return { type: 'INVALID', stroke: 'INVALID' };
  return { type: tail ? `double_${type}` : type, stroke, length };
}
