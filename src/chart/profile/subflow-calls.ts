import type { Guess } from './dictionary.ts';
import type { Entry } from './entry.ts';
import { type ChartGraph, leaving } from './graph.ts';
import { plainText } from './plain-text.ts';
import type { PlaceNames } from './places.ts';
import { isCall } from './shapes.ts';
import type { SubflowPorts } from './subflows.ts';

/** The type of what uses a subflow that the chart draws, by the id of its subgraph. */
export const callType = (subflow: string): string => `subflow:${subflow}`;

/**
 * Boxes that use a subflow of the chart, with that subflow: those of which the flow block says so, and those drawn as calls (`[[…]]`)
 * that are called as it is. None in a subflow calls one.
 */
export function callsOf(
  { boxes }: ChartGraph,
  { subflows, nameOf, tabOf }: PlaceNames,
  block: ReadonlyMap<string, Entry>,
): ReadonlyMap<string, string> {
  const byName = new Map(subflows.flatMap((id) => [id, nameOf(id)].map((name) => [name, id])));
  const calls = new Map<string, string>();
  if (byName.size === 0) return calls;
  for (const [id, vertex] of boxes) {
    const said = block.get(id)?.type;
    const subflow =
      said === undefined
        ? isCall(vertex) && byName.get(plainText(vertex.text, vertex.labelType))
        : subflows.find((one) => callType(one) === said);
    if (subflow && !subflows.includes(tabOf(id) ?? '')) calls.set(id, subflow);
  }
  return calls;
}

export function callGuess(subflow: string | undefined): Guess | undefined {
  if (subflow === undefined) return undefined;
  const why = `its shape and its name say that it is the subflow of the subgraph ${subflow}`;
  return { type: callType(subflow), carrier: 'shape', why };
}

/** The ports of a subflow that no arrow leads into: where the boxes in it begin and end. */
export function portsAtEnds(graph: ChartGraph, subflow: string, tabOf: PlaceNames['tabOf']): SubflowPorts {
  const inside = [...graph.boxes.keys()].filter((id) => tabOf(id) === subflow);
  const reached = new Set(graph.arrows.filter(({ kind }) => kind !== 'answer').map(({ to }) => to));
  const ends = inside.filter((id) => leaving(graph, id).length === 0);
  return {
    ins: inside.filter((id) => !reached.has(id)),
    outs: ends.map((from) => ({ name: from, from, label: '' })),
  };
}
