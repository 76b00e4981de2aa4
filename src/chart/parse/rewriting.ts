import { countBefore, type Span } from './span.ts';

/** A piece of a text, and what shall stand in its place. */
export interface Piece extends Span {
  readonly text: string;
}

/** A replaced piece: where it stands now, and where it stood (`from` to `to`) before. */
interface Replaced extends Span {
  readonly from: number;
  readonly to: number;
}

/** A text that is changed in steps, and still knows of each of its places where that was at first. */
export class Rewriting {
  text: string;
  readonly #steps: Replaced[][] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** The pieces are in their order and do not overlap. */
  replace(pieces: readonly Piece[]): void {
    if (pieces.length === 0) return;
    const parts: string[] = [];
    let at = 0;
    let length = 0;
    const step = pieces.map(({ start, end, text }) => {
      parts.push(this.text.slice(at, start), text);
      const here = length + start - at;
      at = end;
      length = here + text.length;
      return { start: here, end: length, from: start, to: end };
    });
    this.text = parts.join('') + this.text.slice(at);
    this.#steps.unshift(step);
  }

  /** Where a span of the text begins or ends in the first text; what was removed at its edges is no part of it. */
  origin(offset: number, edge: 'start' | 'end' = 'start'): number {
    let at = offset;
    for (const step of this.#steps) {
      const before = step[countBefore(step, edge === 'end' ? at : at + 1) - 1];
      if (!before) continue;
      if (at >= before.end) at += before.to - before.end;
      else at = edge === 'end' ? before.to : before.from;
    }
    return at;
  }
}
