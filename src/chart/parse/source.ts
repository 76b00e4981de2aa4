import { countBefore, type Span } from './span.ts';

/**
 * A chart's text beside a mask of the same length, in which everything Mermaid removes before it reads
 * (frontmatter, comments, directives) is blank, so an offset in the mask is the offset in the text.
 */
export interface ChartSource {
  readonly text: string;
  readonly masked: string;
  readonly frontmatter?: { readonly span: Span; readonly body: Span; readonly late: boolean };
  /** `%% …` lines, without their indentation and line end. */
  readonly comments: readonly Span[];
  /** `%%{ … }%%` */
  readonly directives: readonly Span[];
}

/** It ends at the first line of dashes that is indented like the one it begins with. */
const FRONTMATTER = /^(\s*?)([^\S\n]*)---[^\S\n]*\n(?:([\s\S]*?)\n)??\2---[^\S\n]*(?:\n|$)/;
const DIRECTIVE = /%%\{/g;
const COMMENT = /^[ \t]*(%%(?!\{)[^\n]*)/gm;
const TAG = /<\w+[^>]*>/g;
const ATTRIBUTE = /="([^"]*)"/g;

export function prepareSource(text: string): ChartSource {
  const lines = text.replaceAll(/\r(?!\n)/g, '\n');
  const frontmatter = findFrontmatter(lines);
  const chartStart = frontmatter?.span.end ?? 0;
  let masked = blank(lines.slice(0, chartStart)) + lines.slice(chartStart);
  masked = masked.replaceAll('\r\n', ' \n');
  const directives = findDirectives(masked);
  masked = blankSpans(masked, directives);
  const comments: Span[] = [];
  for (const match of masked.matchAll(COMMENT)) {
    const end = match.index + match[0].trimEnd().length;
    comments.push({ start: match.index + match[0].indexOf('%%'), end });
  }
  masked = quoteAttributes(blankSpans(masked, comments));
  return { text, masked, comments, directives, ...(frontmatter && { frontmatter }) };
}

/** The value between two offsets as Mermaid reads it: comment lines gone, line ends plain, entities encoded. */
export function valueBetween(source: ChartSource, start: number, end: number): string {
  let value = source.masked.slice(start, end);
  if (value.includes('\n')) value = withoutComments(source, start, end);
  if (!value.includes('#')) return value;
  return value.replace(/#(\w+);/g, (_, name: string) => `${/^\d+$/.test(name) ? 'ﬂ°°' : 'ﬂ°'}${name}¶ß`);
}

function withoutComments(source: ChartSource, start: number, end: number): string {
  let value = '';
  let at = start;
  for (const comment of source.comments.slice(countBefore(source.comments, start), countBefore(source.comments, end))) {
    if (comment.end > end) continue;
    const lineStart = source.masked.lastIndexOf('\n', comment.start - 1) + 1;
    value += plainLines(source, at, Math.max(at, lineStart));
    at = source.masked.indexOf('\n', comment.end) + 1 || comment.end;
  }
  return value + plainLines(source, at, end);
}

/** In the mask a carriage return is a blank; a blank that was one stays. */
function plainLines({ text, masked }: ChartSource, start: number, end: number): string {
  return masked.slice(start, end).replaceAll(' \n', (line, at: number) => (text[start + at] === '\r' ? '\n' : line));
}

function findFrontmatter(text: string): ChartSource['frontmatter'] {
  const match = FRONTMATTER.exec(text);
  if (!match) return undefined;
  const lead = `${match[1]}${match[2]}`;
  const bodyStart = text.indexOf('\n', lead.length) + 1;
  const body = { start: bodyStart, end: bodyStart + (match[3]?.replace(/\r$/, '').length ?? 0) };
  return { span: { start: lead.length, end: match[0].length }, body, late: /\n/.test(lead) };
}

function findDirectives(masked: string): Span[] {
  const spans: Span[] = [];
  DIRECTIVE.lastIndex = 0;
  for (let match = DIRECTIVE.exec(masked); match; match = DIRECTIVE.exec(masked)) {
    const close = masked.indexOf('}%%', match.index);
    if (close === -1) break;
    spans.push({ start: match.index, end: close + 3 });
    DIRECTIVE.lastIndex = close + 3;
  }
  return spans;
}

/** Mermaid reads `<img src="x">` in a label as `<img src='x'>`, so the quotes do not end the label. */
function quoteAttributes(masked: string): string {
  // Before the last one every tag has an end: nothing is searched for in vain, however many begin.
  const last = masked.lastIndexOf('>');
  if (last === -1 || !masked.includes('="')) return masked;
  const head = masked.slice(0, last + 1).replace(TAG, (tag) => tag.replace(ATTRIBUTE, "='$1'"));
  return head + masked.slice(last + 1);
}

const blank = (piece: string): string => piece.replace(/[^\n]/g, ' ');

function blankSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    pieces.push(text.slice(at, start), blank(text.slice(start, end)));
    at = end;
  }
  return pieces.join('') + text.slice(at);
}
