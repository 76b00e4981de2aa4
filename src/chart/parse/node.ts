import { type Cursor, spanFrom, take } from './cursor.ts';
import { takeId } from './id.ts';
import { type Closings, ROUND, SLOPED, takeLabel } from './label.ts';
import { eat, look } from './lexer.ts';
import { Unexpected } from './span.ts';
import type { DataSyntax, NodeSyntax, Word } from './syntax.ts';

/** Mermaid takes some more signs before a bracket for the slope. */
const slopes = (slash: string, backslash: string): Closings => [
  ['/]', slash],
  ['\\]', backslash, /[\\(?=\])]\]/y],
];

/** What opens a label, in the order in which Mermaid's lexer tries it. */
const BRACKETS: readonly (readonly [open: string, closes: Closings, text?: RegExp])[] = [
  ['(-', [['-)', 'ellipse', /[-/)]\)/y]], ROUND],
  ['([', [['])', 'stadium']]],
  ['[[', [[']]', 'subroutine']]],
  ['>', [[']', 'odd']]],
  ['[(', [[')]', 'cylinder']]],
  ['(((', [[')))', 'doublecircle']]],
  ['[/', slopes('lean_right', 'trapezoid'), SLOPED],
  ['[\\', slopes('inv_trapezoid', 'lean_left'), SLOPED],
  ['((', [['))', 'circle']]],
  ['(', [[')', 'round']]],
  ['[', [[']', 'square']]],
  ['{{', [['}}', 'hexagon']]],
  ['{', [['}', 'diamond']]],
];

const PROPS = /\[\|([^\s:|[\](){}]+):([^\s:|[\](){}]+)\|/y;
const DATA = /@\{((?:[^}^"]|"[^"]*")*)\}/y;

/** One mention of a node: id, shape and label, `:::class`, `@{data}`. */
export function takeNode(cursor: Cursor): NodeSyntax {
  const { start } = look(cursor);
  const id = takeId(cursor, 'a node id');
  const body = takeShape(cursor);
  const classes: Word[] = [];
  if (eat(cursor, ':::')) classes.push(takeId(cursor, 'a class name'));
  const data = takeData(cursor);
  return { id, span: spanFrom(cursor, start), classes, ...body, ...(data && { data }) };
}

function takeShape(cursor: Cursor): Pick<NodeSyntax, 'shape' | 'label' | 'props'> | undefined {
  const { start } = look(cursor);
  const brackets = BRACKETS.find(([open]) => cursor.text.startsWith(open, start));
  if (!brackets) return undefined;
  cursor.at = start;
  const props = take(cursor, PROPS);
  if (props) {
    const { label } = takeLabel(cursor, '[', [[']', 'rect']]);
    return { shape: 'rect', label, props: Object.fromEntries([[props[1], props[2]]]) };
  }
  const [open, closes, text] = brackets;
  cursor.at += open.length;
  return takeLabel(cursor, open, closes, text);
}

function takeData(cursor: Cursor): DataSyntax | undefined {
  const { start } = look(cursor);
  let yaml: string | undefined;
  while (look(cursor).kind === '@{') {
    const match = take(cursor, DATA);
    if (!match) throw new Unexpected(cursor.at, '"}"', 'The settings that "@{" opens are not closed.');
    const [, text = ''] = match;
    yaml = (yaml ?? '') + text.replace(/"[^"]*"/g, (quoted) => quoted.replace(/\n\s*/g, '<br/>'));
  }
  return yaml === undefined ? undefined : { yaml, span: spanFrom(cursor, start) };
}
