import type { Cursor } from './cursor.ts';

/** A word as Mermaid's lexer reads it outside of labels and settings. Its kind is the word itself, or one of the names below. */
export interface Token {
  readonly kind: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** To Mermaid these are no word at all, wherever they stand. */
const NOTHING = /(?:""(?!`)|"``"|click\s+""\s|call\s+\(\s*\)|accDescr\s*\{\s*\})*/y;

const keyword = readerOf({
  accTitle: /accTitle\s*:\s*/,
  accDescr: /accDescr\s*:\s*/,
  'accDescr{': /accDescr\s*\{\s*/,
  call: /call\s+/,
  '': /@\{|"|(?:style|default|linkStyle|interpolate|classDef|class|subgraph)\b/,
  href: /href\s/,
  click: /click\s+/,
  graph: /(?:flowchart-elk|swimlane-beta|graph|flowchart)\b/,
  end: /end\b\s*/,
  target: /_(?:self|blank|parent|top)\b/,
});
/** In the order in which they are looked for in a line. */
const direction = readerOf(
  Object.fromEntries(['TB', 'BT', 'RL', 'LR', 'TD'].map((name) => [name, new RegExp(`.*direction\\s+${name}[^\\n]*`)])),
);
/** `open` begins an arrow with text in it. */
const arrow = readerOf({
  arrow: /(?:[xo<]?(?:--+[-xo>]|==+[=xo>]|-?\.+-[xo>]?)|~~~+)\s*/,
  open: /[xo<]?(?:--|==|-\.)\s*/,
});
const other = readerOf({
  newline: /\n+/,
  blank: /[^\S\n]+/,
  number: /[0-9]+/,
  '': /:::|[:&,*#]|v\b/,
  word: /(?:[A-Za-z0-9!"#$%&'*+.`?\\_/]|-(?=[^>\-.]))+/,
  letters: /(?:(?![\0-\x7f])\p{L})+/u,
});
/** A sign; `[` before a slope is one of its own. */
const sign = readerOf({ '': /\[[/\\]|[^]/ });

/** The kinds of blanks. */
export const BLANK = new Set(['blank']);

/** The next word; does not move. */
export function look(cursor: Cursor): Token {
  const { memo } = cursor;
  if (memo.seen?.at !== cursor.at) memo.seen = { at: cursor.at, token: tokenAt(cursor) };
  return memo.seen.token;
}

/** The next word, if it is of this kind; moves behind it. */
export function eat(cursor: Cursor, kind: string): Token | undefined {
  const token = look(cursor);
  if (token.kind !== kind) return undefined;
  cursor.at = token.end;
  return token;
}

/** All words from here on that are of these kinds, as one text; undefined when there is none. */
export function eatAll(cursor: Cursor, kinds: ReadonlySet<string>): string | undefined {
  let text: string | undefined;
  for (let token = look(cursor); kinds.has(token.kind); token = look(cursor)) {
    text = (text ?? '') + token.text;
    cursor.at = token.end;
  }
  return text;
}

function tokenAt(cursor: Cursor): Token {
  NOTHING.lastIndex = cursor.at;
  NOTHING.test(cursor.text);
  const start = NOTHING.lastIndex;
  if (start > cursor.at) cursor.passed.set(cursor.at, start);
  return (
    keyword(cursor, start) ??
    directionAt(cursor, start) ??
    arrowNameAt(cursor, start) ??
    arrowAt(cursor, start) ??
    other(cursor, start) ??
    sign(cursor, start) ?? { kind: 'nothing', text: '', start, end: start }
  );
}

type Reader = (cursor: Cursor, start: number) => Token | undefined;

/** Reads the first of several patterns that fits; a word without a kind of its own is its kind. */
function readerOf(patterns: Readonly<Record<string, RegExp>>): Reader {
  const kinds = Object.keys(patterns);
  const sources = Object.values(patterns).map(({ source }) => `(${source})`);
  const pattern = new RegExp(sources.join('|'), 'uy');
  return (cursor, start) => {
    pattern.lastIndex = start;
    const match = pattern.exec(cursor.text);
    if (!match) return undefined;
    const [text] = match;
    return { kind: kinds[match.indexOf(text, 1) - 1] || text, text, start, end: pattern.lastIndex };
  };
}

/** `direction LR` with whatever stands before it in its line, and behind it. */
function directionAt(cursor: Cursor, start: number): Token | undefined {
  const { memo, text } = cursor;
  if (start < memo.plainTo) return undefined;
  const found = direction(cursor, start);
  if (!found) memo.plainTo = text.indexOf('\n', start) + 1;
  return found && { ...found, kind: 'direction', text: found.kind };
}

const RUN = /[^\s"[\](){}|]*/y;

/** `e1@` before an arrow: all up to the last `@` of a run without blanks, brackets and quotes. */
function arrowNameAt({ memo, text }: Cursor, start: number): Token | undefined {
  if (start < memo.run.start || start >= memo.run.end) {
    RUN.lastIndex = start;
    const run = RUN.exec(text)?.[0] ?? '';
    const end = start + run.length;
    const named = /[{"]/.test(text.charAt(end)) ? run.slice(0, -1) : run;
    memo.run = { start, end, name: start + named.lastIndexOf('@') };
  }
  const end = memo.run.name + 1;
  if (end <= start + 1) return undefined;
  return { kind: 'name', text: text.slice(start, end).replace('@', ''), start, end };
}

const BLANKS = /\s*/y;

/** An arrow with the blanks and line ends around it. */
export function arrowAt(cursor: Cursor, start: number): Token | undefined {
  const { memo, text } = cursor;
  if (start < memo.blank.start || start >= memo.blank.end) {
    BLANKS.lastIndex = start;
    BLANKS.test(text);
    memo.blank = { start, end: BLANKS.lastIndex };
  }
  const found = arrow(cursor, memo.blank.end);
  return found && { ...found, text: found.text.trim(), start };
}
