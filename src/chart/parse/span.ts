/** A piece of the chart's text: offsets in UTF-16 units, `end` exclusive, so `text.slice(start, end)` is the piece. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What would mend a place of the chart: `text` instead of what stands in `span`. */
export interface QuickFix {
  readonly title: string;
  readonly span: Span;
  readonly text: string;
}

/** What is wrong, or doubtful, at one place of the chart. Lines and columns count from 1. */
export interface ChartDiagnostic {
  /** What kind of trouble it is in the meaning of the chart; absent where the text is not well formed. */
  readonly code?: string;
  readonly line: number;
  readonly column: number;
  /** What would have been right there, to follow the word "expected". */
  readonly expected: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  readonly span: Span;
  readonly fix?: QuickFix;
}

/** Notes what is wrong at a place of the chart. */
export type Report = (span: Span, expected: string, message: string, fix?: QuickFix) => void;

/** Thrown inside the parser only: one statement could not be read; the parser turns it into a diagnostic. */
export class Unexpected extends Error {
  readonly at: number;
  readonly expected: string;
  readonly fix: QuickFix | undefined;

  constructor(at: number, expected: string, message = `Here ${expected} must follow.`, fix?: QuickFix) {
    super(message);
    this.at = at;
    this.expected = expected;
    this.fix = fix;
  }
}

/** Makes a function that tells line and column (from 1) of an offset, in the time of a binary search. */
export function positionsOf(text: string): (offset: number) => { line: number; column: number } {
  const lines = [...text.matchAll(/^|(?<=\n)/g)].map(({ index }) => ({ start: index }));
  return (offset) => {
    const line = countBefore(lines, offset + 1);
    return { line, column: offset - (lines[line - 1]?.start ?? 0) + 1 };
  };
}

/** How many of the pieces, which are in their order, begin before an offset. */
export function countBefore(pieces: readonly Pick<Span, 'start'>[], offset: number): number {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.start ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
