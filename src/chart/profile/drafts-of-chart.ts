import type { Vertex } from '../parse/model.ts';
import type { Warn } from './checks.ts';
import { decisionOf, waysOut } from './decisions.ts';
import { dictionaryOf, type Guess, isDecision } from './dictionary.ts';
import { asking, type Draft, draftOf } from './drafts.ts';
import type { ChartGraph } from './graph.ts';
import { degreesOf, shapeGuess } from './shapes.ts';
import type { ChartProfile } from './step.ts';
import { callGuess } from './subflow-calls.ts';
import { installedType, ROUTE } from './types.ts';

/** What each box is taken for: by what the chart says of it, else by a guess. */
export function draftsOf(
  graph: ChartGraph,
  block: ChartProfile['block'],
  types: ReadonlySet<string>,
  calls: ReadonlyMap<string, string>,
  warn: Warn,
): { drafts: Map<string, Draft>; decisions: ReadonlyMap<string, Guess> } {
  const guesses = dictionaryOf(graph, block);
  const decisions = decisionsOf(graph, guesses, block);
  const findType = (name: string): string | undefined => installedType(name) ?? (types.has(name) ? name : undefined);
  const refuse = (vertex: Vertex, type: string, place: string): void =>
    warn(
      vertex,
      'TYPE_UNKNOWN',
      'the name of an installed node type',
      `${place} wants "${type}" for ${vertex.id}, which is not installed.`,
    );
  const degreeOf = degreesOf(graph);
  const drafts = [...graph.boxes].map(([id, vertex]): [string, Draft] => {
    const guess = guesses.get(id) ?? decisions.get(id) ?? callGuess(calls.get(id)) ?? shapeGuess(vertex, degreeOf(id));
    return [id, asking(draftOf(vertex, block.get(id), guess, findType, refuse), graph)];
  });
  return { drafts: new Map(drafts), decisions };
}

/** Decisions that no choice of protocol explains and no entry gives a type. */
function decisionsOf(
  graph: ChartGraph,
  guesses: ReadonlyMap<string, Guess>,
  block: ChartProfile['block'],
): Map<string, Guess> {
  const decisions = new Map<string, Guess>();
  for (const [id, vertex] of graph.boxes) {
    if (!isDecision(vertex) || guesses.has(id) || block.get(id)?.type !== undefined) continue;
    const decision = decisionOf(waysOut(graph, id, block.get(id)));
    if (decision) decisions.set(id, { type: ROUTE, why: decision.why, settings: { rules: decision.rules } });
  }
  return decisions;
}
