import { type Cursor, labelOf, skipBlanks, spanFrom, take, takeQuoted } from './cursor.ts';
import { takeLabel } from './label.ts';
import { Unexpected } from './span.ts';
import type { LabelSyntax, LinkSyntax } from './syntax.ts';

/** What begins an arrow, with or without text in it. */
export const LINK_START = /[xo<]?(?:--|==|-?\.+-|-\.)|~~~/y;

const WHOLE = /\s*([xo<]?--+[-xo>]|[xo<]?==+[=xo>]|[xo<]?-?\.+-[xo>]?|~~~+)\s*/y;
const OPENING = /\s*([xo<]?(?:--|==|-\.))\s*/y;
const CLOSING = {
  normal: /\s*([xo<]?--+[-xo>])\s*/g,
  thick: /\s*([xo<]?==+[=xo>])\s*/g,
  dotted: /\s*([xo<]?-?\.+-[xo>]?)\s*/g,
} as const;
/** What ends the text of an arrow of each kind, though it be no arrow. */
const ENDING = { normal: '--', thick: '=', dotted: '.' } as const;
const EDGE_ID = /[^\S\n]*([^\s";|@]+)@(?=[^{"])/y;
const BAR = /\|/y;

/** Reads `-->`, `-- text -->`, `-->|text|` or `e1@-->`; undefined when no arrow stands here. */
export function takeLink(cursor: Cursor): LinkSyntax | undefined {
  const start = cursor.at;
  const link = takeArrow(cursor, start);
  if (link) return link;
  const match = take(cursor, EDGE_ID);
  if (!match) return undefined;
  const text = match[1] ?? '';
  const id = { text, span: { start: cursor.at - 1 - text.length, end: cursor.at - 1 } };
  const named = takeArrow(cursor, start);
  if (!named) throw new Unexpected(cursor.at, 'an arrow', `An arrow such as --> must follow "${text}@".`);
  return { ...named, id };
}

function takeArrow(cursor: Cursor, start: number): LinkSyntax | undefined {
  const whole = take(cursor, WHOLE);
  if (whole) {
    const label = takeBarLabel(cursor);
    return { span: spanFrom(cursor, start), ...linkOf(whole[1] ?? ''), ...(label && { label }) };
  }
  const opening = take(cursor, OPENING);
  if (!opening) return undefined;
  const { label, close } = takeInnerLabel(cursor, opening[1] ?? '');
  return { span: spanFrom(cursor, start), ...linkOf(close, opening[1]), label };
}

function takeBarLabel(cursor: Cursor): LabelSyntax | undefined {
  if (!take(cursor, BAR)) return undefined;
  const { label } = takeLabel(cursor, '|', [['|', 'label']]);
  skipBlanks(cursor);
  return label;
}

function takeInnerLabel(cursor: Cursor, opening: string): { label: LabelSyntax; close: string } {
  const start = cursor.at;
  const stroke = strokeOf(opening);
  const quoted = takeQuoted(cursor);
  const match = quoted ? take(cursor, WHOLE) : searchClosing(cursor, stroke);
  if (!match || (quoted && strokeOf(match[1] ?? '') !== stroke)) {
    throw new Unexpected(cursor.at, 'an arrow end such as -->', `The arrow text after "${opening}" has no arrow end.`);
  }
  const label = quoted ?? labelOf(cursor, 'text', { start, end: match.index });
  const quote = quoted ? -1 : cursor.text.slice(start, match.index).indexOf('"');
  if (quote !== -1) {
    throw new Unexpected(start + quote, 'no double quote', 'Put the whole arrow text in double quotes, or none of it.');
  }
  // Whatever looks like the beginning of another arrow ends the text, and none of it is one.
  const inner = quoted ? -1 : cursor.text.slice(start, match.index).indexOf(ENDING[stroke]);
  if (inner !== -1) {
    throw new Unexpected(
      start + inner,
      'an arrow end such as -->',
      `The arrow text after "${opening}" has no arrow end.`,
    );
  }
  if (match.index === start) throw new Unexpected(start, 'a label', `There is no text after "${opening}".`);
  return { label, close: match[1] ?? '' };
}

function searchClosing(cursor: Cursor, stroke: keyof typeof CLOSING): RegExpExecArray | undefined {
  if (cursor.endless.has(stroke)) return undefined;
  const match = take(cursor, CLOSING[stroke]);
  if (!match) cursor.endless.add(stroke);
  return match;
}

function strokeOf(operator: string): 'normal' | 'thick' | 'dotted' {
  if (operator.includes('.')) return 'dotted';
  return operator.includes('=') ? 'thick' : 'normal';
}

const HEADS: Readonly<Record<string, { type: string; partner: string }>> = {
  x: { type: 'arrow_cross', partner: 'x' },
  '>': { type: 'arrow_point', partner: '<' },
  o: { type: 'arrow_circle', partner: 'o' },
};
const TAILS: Readonly<Record<string, string>> = { '<': 'arrow_point', x: 'arrow_cross', o: 'arrow_circle' };

/** Mermaid's names for what an arrow is made of; for `-- text -->` from its two parts. */
function linkOf(close: string, opening?: string): Pick<LinkSyntax, 'type' | 'stroke' | 'length'> {
  const head = HEADS[close.at(-1) ?? ''];
  let line = close.slice(0, -1);
  let type = head?.type ?? 'arrow_open';
  if (head && close.startsWith(head.partner)) {
    type = `double_${type}`;
    line = line.slice(1);
  }
  const dots = line.split('.').length - 1;
  const stroke = dots > 0 ? 'dotted' : line.startsWith('=') ? 'thick' : line.startsWith('~') ? 'invisible' : 'normal';
  const length = Math.min(10, dots > 0 ? dots : line.length - 1);
  const tail = opening && TAILS[opening[0] ?? ''];
  if (!tail) return { type, stroke, length };
  return tail === type ? { type: `double_${type}`, stroke, length } : { type: 'INVALID', stroke: 'INVALID' };
}
