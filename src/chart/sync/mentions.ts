import type { ReadChart } from '../derive.ts';
import type { Span } from '../parse/span.ts';
import type { NodeSyntax } from '../parse/syntax.ts';
import type { Placed } from './places-in-text.ts';

/** Where a chart names its boxes: a box is there as long as it is named, and in its subgraph as long as it is named in that. */
export class Mentions {
  readonly #left = new Map<string, number>();
  readonly #parentOf: ReadonlyMap<string, string>;
  readonly #subgraphs: ReadonlyMap<Span, string>;

  constructor({ parsed, profile }: ReadChart, placed: readonly Placed[]) {
    this.#parentOf = profile.parentOf;
    this.#subgraphs = new Map(parsed.model.subgraphs.map(({ id, span }) => [span, id]));
    for (const one of placed) {
      if (one.statement.kind !== 'chain') continue;
      for (const { id } of one.statement.groups.flat()) this.#count(id.text, one, 1);
    }
  }

  /** Takes one away, unless it is the last one that says that the box is there, or where. True when it was taken. */
  take({ id: { text: id } }: NodeSyntax, at: Placed): boolean {
    if (this.#keys(id, at).some((key) => (this.#left.get(key) ?? 0) < 2)) return false;
    this.#count(id, at, -1);
    return true;
  }

  #count(id: string, at: Placed, by: number): void {
    for (const key of this.#keys(id, at)) this.#left.set(key, (this.#left.get(key) ?? 0) + by);
  }

  #keys(id: string, { inside }: Placed): string[] {
    const subgraph = inside && this.#subgraphs.get(inside.span);
    return subgraph !== undefined && this.#parentOf.get(id) === subgraph ? [id, `${id}\0${subgraph}`] : [id];
  }
}
