import { type Cursor, sees, spanOf, take } from './cursor.ts';
import { labelText, skipNothing, takeQuoted } from './quoted.ts';
import { type QuickFix, Unexpected } from './span.ts';
import type { LabelSyntax } from './syntax.ts';

/** What may close a label, the shape that makes, and how Mermaid recognises it if not by that alone. */
export type Closings = readonly (readonly [bracket: string, shape: string, pattern?: RegExp])[];

/** A piece of label text that needs no quotes, by the kind of bracket around it. */
export const PLAIN = /(?!\s*~~~)[^[\](){}|"]+/y;
export const SLOPED = /(?!"|\s*~~~|[\\?=]\])(?:[^[\](){}/\\]+|[/\\](?!\]))/y;
export const ROUND = /(?:(?!"|~~~|[-/]\))[^[\](){}])+/y;

/** A label up to one of its closing brackets. */
export function takeLabel(
  cursor: Cursor,
  open: string,
  closes: Closings,
  pattern: RegExp = PLAIN,
): { label: LabelSyntax; shape: string } {
  const start = cursor.at;
  skipNothing(cursor);
  const quoted = takeQuoted(cursor);
  let raw = quoted?.text;
  for (;;) {
    skipNothing(cursor);
    const [part] = take(cursor, pattern) ?? [];
    if (part === undefined) break;
    raw = (raw ?? '') + part;
  }
  if (raw === undefined) throw new Unexpected(start, 'a label');
  const end = quoted ? start + cursor.text.slice(start, cursor.at).trimEnd().length : cursor.at;
  const type = quoted?.type ?? 'text';
  const close = closes.find(([bracket, , other]) => {
    return other ? sees(cursor, other) : cursor.text.startsWith(bracket, cursor.at);
  });
  if (!close) throw notClosed(cursor, open, closes, start, type === 'text');
  cursor.at += close[0].length;
  return { label: { text: labelText(raw), type, span: spanOf(cursor, start, end) }, shape: close[1] };
}

function notClosed(cursor: Cursor, open: string, closes: Closings, start: number, isPlain: boolean): Unexpected {
  const wanted = closes.map(([bracket]) => `"${bracket}"`).join(' or ');
  const found = cursor.text[cursor.at];
  if (open === '>' && /[-=]/.test(cursor.text[start - 2] ?? '')) return looseArrow(start - 2);
  if (found === undefined) return new Unexpected(cursor.at, wanted, `The label that "${open}" opens is not closed.`);
  const advice = isPlain ? ' A label with brackets, bars or quotes in it must stand in double quotes.' : '';
  const fix = isPlain ? quoting(cursor, start, closes) : undefined;
  return new Unexpected(cursor.at, wanted, `"${found}" cannot stand in this label.${advice}`, fix);
}

/** Quotes around all that stands before the last closing bracket of the label's line. */
function quoting(cursor: Cursor, start: number, closes: Closings): QuickFix | undefined {
  const line = cursor.text.slice(start, cursor.text.indexOf('\n', start));
  const ahead = line.search(/\s*(?:;|--|==|-\.|~~~|$)/);
  const length = Math.max(...closes.map(([bracket]) => line.lastIndexOf(bracket, ahead)));
  if (length <= 0) return undefined;
  const span = { start, end: start + length };
  const written = spanOf(cursor, start, span.end);
  const text = cursor.source.text.slice(written.start, written.end).trim().replaceAll('"', '#quot;');
  return { title: 'Put the label in double quotes', span, text: `"${text}"` };
}

/** `->` and `=>` are what people write who know other diagram languages. */
export function looseArrow(at: number, end = at + 2): Unexpected {
  const fix = { title: 'Write -->', span: { start: end - 2, end }, text: '-->' };
  return new Unexpected(at, 'an arrow such as -->', 'An arrow has at least two dashes: -->, ==> or -.->.', fix);
}
