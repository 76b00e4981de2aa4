import { textOf } from '../text-of.ts';

/** One piece of a template: text, a property, or a part that stands only when a property is there, or is not. */
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly path: readonly string[]; readonly raw: boolean }
  | {
      readonly kind: 'section';
      readonly path: readonly string[];
      readonly inverted: boolean;
      readonly inside: Piece[];
    };

const TAG = /\{\{(?:\{\s*([^{}]*?)\s*\}|([#^/&!]?)\s*([^{}]*?)\s*)\}\}/g;

/** What is wrong with a template, for people. */
export function templateProblem(text: string): string | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error);
  }
}

/**
 * Fills an address with properties of a message, by the rules of mustache: `{{name}}`, `{{{name}}}`, `{{#name}}…{{/name}}`,
 * `{{^name}}…{{/name}}`. Two braces percent-encode (mustache itself escapes for HTML, which breaks addresses), three do not.
 */
export function templateOf(text: string): (message: object) => string {
  const pieces = parse(text);
  return (message) => fill(pieces, [message]);
}

function parse(text: string): Piece[] {
  const whole: Piece[] = [];
  const open: { readonly name: string; readonly inside: Piece[] }[] = [];
  let pieces = whole;
  let end = 0;
  for (const tag of text.matchAll(TAG)) {
    const [all, rawName, mark = '', name = rawName ?? ''] = tag;
    if (tag.index > end) pieces.push({ kind: 'text', text: text.slice(end, tag.index) });
    end = tag.index + all.length;
    if (mark === '!') continue;
    if (mark === '/') {
      if (open.pop()?.name !== name) throw new SyntaxError(`has {{/${name}}} where nothing of that name begins`);
      pieces = open.at(-1)?.inside ?? whole;
      continue;
    }
    if (name === '') throw new SyntaxError('has braces without a name');
    const path = name === '.' ? [] : name.split('.');
    if (mark === '#' || mark === '^') {
      const inside: Piece[] = [];
      pieces.push({ kind: 'section', path, inverted: mark === '^', inside });
      open.push({ name, inside });
      pieces = inside;
    } else pieces.push({ kind: 'value', path, raw: rawName !== undefined || mark === '&' });
  }
  const [unclosed] = open;
  if (unclosed !== undefined) throw new SyntaxError(`has {{#${unclosed.name}}} without {{/${unclosed.name}}}`);
  if (end < text.length) pieces.push({ kind: 'text', text: text.slice(end) });
  return whole;
}

function fill(pieces: readonly Piece[], contexts: readonly unknown[]): string {
  return pieces
    .map((piece) => {
      if (piece.kind === 'text') return piece.text;
      const value = find(piece.path, contexts);
      if (piece.kind === 'value') return piece.raw ? textOf(value) : encodeURIComponent(textOf(value).toWellFormed());
      const isThere = Array.isArray(value) ? value.length > 0 : Boolean(value);
      if (piece.inverted) return isThere ? '' : fill(piece.inside, contexts);
      if (!isThere) return '';
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      return items.map((item) => fill(piece.inside, [item, ...contexts])).join('');
    })
    .join('');
}

/** The innermost context that has the first name decides. */
function find(path: readonly string[], contexts: readonly unknown[]): unknown {
  const [first] = path;
  if (first === undefined) return contexts[0];
  const start = contexts.find((context) => typeof context === 'object' && context !== null && first in context);
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined),
    start,
  );
}
