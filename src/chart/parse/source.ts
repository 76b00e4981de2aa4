import { type Piece, Rewriting } from './rewriting.ts';
import type { Span } from './span.ts';

/** A chart's text beside what Mermaid's lexer gets to see of it: that is rewritten first, in the steps below. */
export interface ChartSource {
  readonly text: string;
  readonly prepared: string;
  readonly frontmatter?: { readonly span: Span; readonly body: Span; readonly indent: string; readonly late: boolean };
  /** `%% …` lines, without their indentation and line end. */
  readonly comments: readonly Span[];
  /** `%%{ … }%%` */
  readonly directives: readonly Span[];
  /** Where a place of the prepared text is in the text. */
  origin(offset: number, edge?: 'start' | 'end'): number;
}

/** It ends at the first line of dashes that is indented like the one it begins with. */
const FRONTMATTER = /^(\s*?)([^\S\n]*)---[^\S\n]*\n(?:([\s\S]*?)\n)??\2---[^\S\n]*(?:\n|$)/;
/** A word, and what is said of it: another word, or all up to the end, be it that of the chart. */
const DIRECTIVE = /%%\{\s*(?:\w+\s*:|\w+)(?:\s*\w+\s*(?:\}%%)?|[^]*?(?:\}%%|$))/g;
/** With the empty lines before it. */
const COMMENT = /(?<=\S[^\S\n]*\n|(?<![^]))\s*%%(?!\{)[^\n]+\n?/g;
const TAG = /<\w+[^>]*>/g;
const ATTRIBUTE = /="([^"]*)"/g;

export function prepareSource(text: string): ChartSource {
  const made = new Rewriting(quoteAttributes(text.replaceAll(/\r(?!\n)/g, '\n')));
  cut(made, /\r/g);
  const frontmatter = findFrontmatter(made);
  if (frontmatter) made.replace([{ ...frontmatter.whole, text: '' }]);
  const directives = cut(made, DIRECTIVE);
  const comments = cut(made, COMMENT);
  cut(made, /^\s+/g);
  // Mermaid takes a semicolon off a line with a colour, and any other `#name;` for the entity of a character.
  for (const style of [/style.*/g, /classDef.*/g]) made.replace([...made.text.matchAll(style)].flatMap(colourEnd));
  made.replace(
    [...made.text.matchAll(/#(\w+);/g)].map(({ 0: { length }, 1: name = '', index }) => {
      return { start: index, end: index + length, text: `${/^\d+$/.test(name) ? 'ﬂ°°' : 'ﬂ°'}${name}¶ß` };
    }),
  );
  made.text += '\n';
  cut(made, /(?<=\})\s+(?=\n)/g);
  const origin = (offset: number, edge?: 'start' | 'end'): number => Math.min(made.origin(offset, edge), text.length);
  return { text, prepared: made.text, comments, directives, origin, ...(frontmatter && { frontmatter }) };
}

/** Takes away what a pattern finds, and tells where that was, without the blanks around it. */
function cut(made: Rewriting, pattern: RegExp): Span[] {
  const found = [...made.text.matchAll(pattern)].map(({ 0: piece, index }) => {
    const start = index + piece.search(/\S|$/);
    return { piece: { start: index, end: index + piece.length, text: '' }, start, end: start + piece.trim().length };
  });
  const spans = found.map(({ start, end }) => originOf(made, start, end));
  made.replace(found.map(({ piece }) => piece));
  return spans;
}

const originOf = (made: Rewriting, start: number, end: number): Span => ({
  start: made.origin(start),
  end: made.origin(end, 'end'),
});

function findFrontmatter(made: Rewriting): (NonNullable<ChartSource['frontmatter']> & { whole: Span }) | undefined {
  const match = FRONTMATTER.exec(made.text);
  if (!match) return undefined;
  const [, before = '', indent = ''] = match;
  const lead = before + indent;
  const bodyStart = made.text.indexOf('\n', lead.length) + 1;
  const whole = { start: 0, end: match[0].length };
  const body = originOf(made, bodyStart, bodyStart + (match[3]?.length ?? 0));
  return { whole, span: originOf(made, lead.length, whole.end), body, indent, late: lead.includes('\n') };
}

/** The last semicolon of a line that has a colour between the word and it. */
function colourEnd({ 0: line, index }: RegExpExecArray): Piece[] {
  const head = /^(.*);/.exec(line)?.[1];
  if (head === undefined || !/:[^\s:#]*#/.test(head)) return [];
  const start = index + head.length;
  return [{ start, end: start + 1, text: '' }];
}

/** Mermaid reads `<img src="x">` in a label as `<img src='x'>`, so the quotes do not end the label. */
function quoteAttributes(text: string): string {
  // Before the last one every tag has an end: nothing is searched for in vain, however many begin.
  const last = text.lastIndexOf('>');
  if (last === -1 || !text.includes('="')) return text;
  const head = text.slice(0, last + 1).replace(TAG, (tag) => tag.replace(ATTRIBUTE, "='$1'"));
  return head + text.slice(last + 1);
}
