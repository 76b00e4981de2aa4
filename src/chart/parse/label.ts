import { type Cursor, labelOf, spanFrom, take, takeQuoted } from './cursor.ts';
import { type QuickFix, Unexpected } from './span.ts';
import { valueBetween } from './source.ts';
import type { LabelSyntax } from './syntax.ts';

/** What may close a label, and the shape that makes. */
export type Closings = readonly (readonly [bracket: string, shape: string])[];

/** Label text that needs no quotes, by the kind of bracket around it. */
export const PLAIN = /[^[\](){}|"]*/y;
export const SLOPED = /(?:[^[\](){}/\\]|[/\\](?!\]))*/y;
export const ROUND = /(?:[^[\](){}"-]|-(?!\)))*/y;

/** Quotes with nothing between them say nothing to Mermaid, not even that a text begins. */
const NOTHING = /""/y;

/** A label up to one of its closing brackets. */
export function takeLabel(
  cursor: Cursor,
  open: string,
  closes: Closings,
  text: RegExp = PLAIN,
): { label: LabelSyntax; shape: string } {
  const start = cursor.at;
  const quoted = take(cursor, NOTHING) ? undefined : takeQuoted(cursor);
  const textStart = cursor.at;
  let label: LabelSyntax;
  if (quoted) {
    take(cursor, text);
    label = withTail(cursor, quoted, textStart);
  } else {
    take(cursor, text);
    label = labelOf(cursor, 'text', spanFrom(cursor, start), spanFrom(cursor, textStart));
    if (cursor.at === textStart) throw new Unexpected(start, 'a label', `There is no label after "${open}".`);
  }
  const close = closes.find(([bracket]) => cursor.text.startsWith(bracket, cursor.at));
  if (!close) throw notClosed(cursor, open, closes, label);
  cursor.at += close[0].length;
  return { label, shape: close[1] };
}

/** What stands behind the closing quote belongs to the label too. */
export function withTail(cursor: Cursor, quoted: LabelSyntax, from: number): LabelSyntax {
  const tail = valueBetween(cursor.source, from, cursor.at).trimEnd();
  if (tail === '') return quoted;
  return { ...quoted, text: quoted.text + tail, span: { start: quoted.span.start, end: from + tail.length } };
}

function notClosed(cursor: Cursor, open: string, closes: Closings, label: LabelSyntax): Unexpected {
  const wanted = closes.map(([bracket]) => `"${bracket}"`).join(' or ');
  const found = cursor.text[cursor.at];
  const before = label.span.start - 2;
  if (open === '>' && /[-=]/.test(cursor.text[before] ?? '')) return looseArrow(before);
  if (found === undefined) return new Unexpected(cursor.at, wanted, `The label that "${open}" opens is not closed.`);
  const advice =
    label.type === 'text' ? ' A label with brackets, bars or quotes in it must stand in double quotes.' : '';
  const fix = label.type === 'text' ? quoting(cursor, label, closes) : undefined;
  return new Unexpected(cursor.at, wanted, `"${found}" cannot stand in this label.${advice}`, fix);
}

/** Quotes around all that stands before the last closing bracket of the label's line. */
function quoting(cursor: Cursor, { span }: LabelSyntax, closes: Closings): QuickFix | undefined {
  const lineEnd = cursor.text.indexOf('\n', span.start);
  const line = cursor.text.slice(span.start, lineEnd === -1 ? undefined : lineEnd);
  const ahead = line.search(/\s*(?:;|--|==|-\.|~~~|$)/);
  const length = Math.max(...closes.map(([bracket]) => line.lastIndexOf(bracket, ahead)));
  if (length <= 0) return undefined;
  const text = cursor.source.text
    .slice(span.start, span.start + length)
    .trim()
    .replaceAll('"', '#quot;');
  return {
    title: 'Put the label in double quotes',
    span: { start: span.start, end: span.start + length },
    text: `"${text}"`,
  };
}

/** `->` and `=>` are what people write who know other diagram languages. */
export function looseArrow(at: number, end = at + 2): Unexpected {
  const fix = { title: 'Write -->', span: { start: end - 2, end }, text: '-->' };
  return new Unexpected(at, 'an arrow such as -->', 'An arrow has at least two dashes: -->, ==> or -.->.', fix);
}
