import { type Cursor, sees, spanFrom, take } from './cursor.ts';
import { type Closings, PLAIN, ROUND, SLOPED, takeLabel } from './label.ts';
import { LINK_START } from './link.ts';
import { Unexpected } from './span.ts';
import type { DataSyntax, NodeSyntax, Word } from './syntax.ts';

interface Brackets {
  readonly open: string;
  readonly closes: Closings;
  readonly text: RegExp;
}

const RESERVED =
  /(?:style|linkStyle|interpolate|classDef|class|flowchart-elk|swimlane-beta|graph|flowchart|subgraph|end|_self|_blank|_parent|_top)\b|(?:href|click|call)\s/y;
const NUMBER = /[0-9]+/y;
const SIGN = /:(?!::)|[&,*#]/y;
const WORD = /(?:[A-Za-z0-9!"#$%&'*+.`?\\_/]|-(?=[^>\-.]))+/y;
/** The code of a character; it stands for a character no id can have. */
const ENTITY = /#\w+;/y;
const LETTERS = /(?:(?![\0-\x7f])\p{L})+/uy;
const MINUS = /-/y;
/** `x` and `o` right before an arrow are its tail, not an id. */
const TAIL = /[xo](?=--|==|-\.|\.+-)/y;

/** Reads an id as Mermaid's lexer does: word by word, so a reserved word or an arrow ends it. */
export function takeId(cursor: Cursor, what: string): Word {
  const start = cursor.at;
  if (sees(cursor, TAIL)) {
    const id = cursor.text.charAt(start);
    throw new Unexpected(start + 1, 'a space', `"${id}" right before an arrow is read as its tail.`);
  }
  for (;;) {
    const here = cursor.at;
    if (sees(cursor, RESERVED)) break;
    if (sees(cursor, LINK_START) || sees(cursor, ENTITY)) break;
    if (cursor.text[here] === '"') break;
    if (take(cursor, NUMBER) ?? take(cursor, SIGN) ?? take(cursor, WORD) ?? take(cursor, LETTERS)) continue;
    if (!take(cursor, MINUS)) break;
  }
  if (cursor.at === start) throw noId(cursor, what);
  return { text: cursor.text.slice(start, cursor.at), span: spanFrom(cursor, start) };
}

function noId(cursor: Cursor, what: string): Unexpected {
  const word = /\S*/y;
  word.lastIndex = cursor.at;
  const found = word.exec(cursor.text)?.[0] ?? '';
  if (sees(cursor, RESERVED)) {
    const name = /^\w+/.exec(found)?.[0] ?? found;
    return new Unexpected(cursor.at, what, `"${name}" is a reserved word here; capitalise it or use another id.`);
  }
  return new Unexpected(cursor.at, what, found === '' ? `The chart ends here.` : `"${found}" does not begin ${what}.`);
}

/** In the order Mermaid's lexer tries them. */
const BRACKETS: readonly Brackets[] = [
  { open: '(-', closes: [['-)', 'ellipse']], text: ROUND },
  { open: '([', closes: [['])', 'stadium']], text: PLAIN },
  { open: '[[', closes: [[']]', 'subroutine']], text: PLAIN },
  { open: '>', closes: [[']', 'odd']], text: PLAIN },
  { open: '[(', closes: [[')]', 'cylinder']], text: PLAIN },
  { open: '(((', closes: [[')))', 'doublecircle']], text: PLAIN },
  {
    open: '[/',
    closes: [
      ['/]', 'lean_right'],
      ['\\]', 'trapezoid'],
    ],
    text: SLOPED,
  },
  {
    open: '[\\',
    closes: [
      ['\\]', 'lean_left'],
      ['/]', 'inv_trapezoid'],
    ],
    text: SLOPED,
  },
  { open: '((', closes: [['))', 'circle']], text: PLAIN },
  { open: '(', closes: [[')', 'round']], text: PLAIN },
  { open: '[', closes: [[']', 'square']], text: PLAIN },
  { open: '{{', closes: [['}}', 'hexagon']], text: PLAIN },
  { open: '{', closes: [['}', 'diamond']], text: PLAIN },
];

const PROPS = /\[\|([^\s:|[\](){}]+):([^\s:|[\](){}]+)\|/y;
const CLASS = /:::/y;
const DATA = /@\{((?:[^}"]|"[^"]*")*)\}/y;
const DATA_START = /@\{/y;

/** One mention of a node: id, shape and label, `:::class`, `@{data}`. */
export function takeNode(cursor: Cursor): NodeSyntax {
  const start = cursor.at;
  const id = takeId(cursor, 'a node id');
  const body = takeShape(cursor);
  const classes: Word[] = [];
  if (take(cursor, CLASS)) classes.push(takeId(cursor, 'a class name'));
  const data = takeData(cursor);
  return { id, span: spanFrom(cursor, start), classes, ...body, ...(data && { data }) };
}

function takeShape(cursor: Cursor): Pick<NodeSyntax, 'shape' | 'label' | 'props'> | undefined {
  const props = take(cursor, PROPS);
  if (props) {
    const { label } = takeLabel(cursor, '[', [[']', 'rect']], PLAIN);
    return { shape: 'rect', label, props: Object.fromEntries([[props[1], props[2]]]) };
  }
  const brackets = BRACKETS.find(({ open }) => cursor.text.startsWith(open, cursor.at));
  if (!brackets) return undefined;
  cursor.at += brackets.open.length;
  return takeLabel(cursor, brackets.open, brackets.closes, brackets.text);
}

function takeData(cursor: Cursor): DataSyntax | undefined {
  if (!sees(cursor, DATA_START)) return undefined;
  const start = cursor.at;
  const match = take(cursor, DATA);
  if (!match) throw new Unexpected(start, '"}"', 'The settings that "@{" opens are not closed.');
  const yaml = (match[1] ?? '').replace(/"[^"]*"/g, (quoted) => quoted.replace(/\n\s*/g, '<br/>'));
  return { yaml, span: spanFrom(cursor, start) };
}
