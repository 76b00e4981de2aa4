import { type Cursor, labelOf, spanFrom, take, takeQuoted } from './cursor.ts';
import { Unexpected } from './span.ts';
import type { LabelSyntax } from './syntax.ts';

/** What may close a label, and the shape that makes. */
export type Closings = readonly (readonly [bracket: string, shape: string])[];

/** Label text that needs no quotes, by the kind of bracket around it. */
export const PLAIN = /[^[\](){}|"]*/y;
export const SLOPED = /(?:[^[\](){}/\\]|[/\\](?!\]))*/y;
export const ROUND = /(?:[^[\](){}"-]|-(?!\)))*/y;

const SPACE = /\s*/y;

/** A label up to one of its closing brackets. */
export function takeLabel(
  cursor: Cursor,
  open: string,
  closes: Closings,
  text: RegExp = PLAIN,
): { label: LabelSyntax; shape: string } {
  const start = cursor.at;
  take(cursor, SPACE);
  let label = takeQuoted(cursor);
  if (label) {
    take(cursor, SPACE);
  } else {
    cursor.at = start;
    take(cursor, text);
    label = labelOf(cursor, 'text', spanFrom(cursor, start));
    if (cursor.at === start) throw new Unexpected(start, 'a label', `There is no label after "${open}".`);
  }
  const close = closes.find(([bracket]) => cursor.text.startsWith(bracket, cursor.at));
  if (!close) throw notClosed(cursor, open, closes, label);
  cursor.at += close[0].length;
  return { label, shape: close[1] };
}

function notClosed(cursor: Cursor, open: string, closes: Closings, label: LabelSyntax): Unexpected {
  const wanted = closes.map(([bracket]) => `"${bracket}"`).join(' or ');
  const found = cursor.text[cursor.at];
  const before = label.span.start - 2;
  if (open === '>' && /[-=]/.test(cursor.text[before] ?? '')) return looseArrow(before);
  if (found === undefined) return new Unexpected(cursor.at, wanted, `The label that "${open}" opens is not closed.`);
  const advice =
    label.type === 'text' ? ' A label with brackets, bars or quotes in it must stand in double quotes.' : '';
  return new Unexpected(cursor.at, wanted, `"${found}" cannot stand in this label.${advice}`);
}

/** `->` and `=>` are what people write who know other diagram languages. */
export function looseArrow(at: number): Unexpected {
  return new Unexpected(at, 'an arrow such as -->', 'An arrow has at least two dashes: -->, ==> or -.->.');
}
