import type { ParsedChart } from '../../../../src/chart/parse/parse-chart.ts';
import type { Span } from '../../../../src/chart/parse/span.ts';
import type { Statement } from '../../../../src/chart/parse/syntax.ts';

interface Place {
  readonly id: string;
  readonly span: Span;
}

const known = new WeakMap<ParsedChart, readonly Place[]>();

/** Every place where the chart mentions a box, in its order. */
export function spansOf(parsed: ParsedChart | undefined, id: string): Span[] {
  return parsed === undefined ? [] : placesIn(parsed).flatMap((place) => (place.id === id ? [place.span] : []));
}

/** The box that is mentioned at an offset. */
export function boxAt(parsed: ParsedChart | undefined, offset: number): string | undefined {
  if (parsed === undefined) return undefined;
  return placesIn(parsed).find(({ span }) => span.start <= offset && offset <= span.end)?.id;
}

function placesIn(parsed: ParsedChart): readonly Place[] {
  const places = known.get(parsed) ?? parsed.statements.flatMap(placesOf);
  known.set(parsed, places);
  return places;
}

function placesOf(statement: Statement): Place[] {
  if (statement.kind === 'subgraph') return statement.body.flatMap(placesOf);
  if (statement.kind !== 'chain') return [];
  return statement.groups.flatMap((group) => group.map(({ id, span }) => ({ id: id.text, span })));
}
