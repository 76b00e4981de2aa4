import type { Token } from './lexer.ts';
import type { ChartSource } from './source.ts';
import type { Span } from './span.ts';

/** Where the parser stands in the prepared text. */
export interface Cursor {
  readonly source: ChartSource;
  readonly text: string;
  at: number;
  readonly memo: Memo;
  /** What was passed over as no word at all: from where to where. */
  readonly passed: Map<number, number>;
}

/** What the lexer has found out about the text around, so that nothing is searched for twice. */
interface Memo {
  seen?: { readonly at: number; readonly token: Token };
  /** Up to here no line has a `direction`. */
  plainTo: number;
  /** Characters that may name an arrow, and the last `@` of them. */
  run: Span & { readonly name: number };
  blank: Span;
}

export function cursorOf(source: ChartSource): Cursor {
  const nowhere = { start: 0, end: 0 };
  return {
    source,
    text: source.prepared,
    at: 0,
    memo: { plainTo: 0, run: { ...nowhere, name: 0 }, blank: nowhere },
    passed: new Map(),
  };
}

/** Matches a sticky pattern here and moves behind it. */
export function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const match = pattern.exec(cursor.text);
  if (!match) return undefined;
  cursor.at = pattern.lastIndex;
  return match;
}

/** Whether a sticky pattern matches here; does not move. */
export function sees(cursor: Cursor, pattern: RegExp): boolean {
  pattern.lastIndex = cursor.at;
  return pattern.test(cursor.text);
}

/** A span of the chart's own text, from places of the prepared one. */
export function spanOf({ source }: Cursor, from: number, to: number): Span {
  const start = source.origin(from);
  return { start, end: Math.max(start, source.origin(to, 'end')) };
}

export const spanFrom = (cursor: Cursor, start: number): Span => spanOf(cursor, start, cursor.at);
