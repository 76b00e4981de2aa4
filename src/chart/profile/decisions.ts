import type { Entry } from './entry.ts';
import { type ChartGraph, leaving } from './graph.ts';
import { asWords, questionsOf } from './questions.ts';

/** One output of a decision, as a *route* node keeps it. */
export interface DecisionRule {
  readonly label: string;
  readonly t: 'says';
  readonly vt: 'str';
  readonly v: string;
}

export interface Decision {
  readonly rules: readonly DecisionRule[];
  readonly why: string;
}

/**
 * What a decision of a chart does: one output for each label of its ways out. A message that answers the question goes where the answer
 * leads; one that says nothing about it goes every way, so that a drawing without data can be seen working. Undefined when there
 * is nothing to decide.
 */
export function decisionOf(labels: readonly string[]): Decision | undefined {
  if (labels.filter((label) => label !== '').length < 2) return undefined;
  const rules = labels.map((label): DecisionRule => ({ label, t: 'says', vt: 'str', v: label }));
  const told = questionsOf(labels).map((question, index) => `"${labels[index]}" is taken by ${asWords(question)}`);
  return {
    rules,
    why: `it decides between its arrows: ${told.join('; ')}; what does not answer the question goes every way`,
  };
}

/** The labels of the ways out of a decision: those the flow block lists, else those of its arrows. */
export const waysOut = (graph: ChartGraph, id: string, entry: Entry | undefined): readonly string[] =>
  entry?.outs ?? [...new Set(leaving(graph, id).map(({ label }) => label))];
