import type { FlowNode } from './answer.ts';
import { ask } from './ask.ts';
import type { CheckedChart } from './check.ts';
import { findExisting, isNew, type Existing } from './import-flow.ts';

/** The flow of a chart that is right, its tab named as the dialog says. */
export function flowOf({ answer, name }: CheckedChart): FlowNode[] {
  if (answer.kind !== 'flow') return [];
  return answer.flow.map((node) => (node.type === 'tab' ? { ...node, label: name } : node));
}

/** Where the chart is in the editor already. */
export const existingOf = (checked: CheckedChart): Existing | undefined =>
  findExisting(flowOf(checked), checked.chart.text);

/** The same charts; those that are in the editor already under another name, with ids no node there has. */
export async function asCopies(charts: readonly CheckedChart[], signal: AbortSignal): Promise<CheckedChart[]> {
  const copies: CheckedChart[] = [];
  for (const chart of charts) copies.push(existingOf(chart) === undefined ? chart : await asCopy(chart, signal));
  return copies;
}

async function asCopy(checked: CheckedChart, signal: AbortSignal): Promise<CheckedChart> {
  const original = checked.name.replace(/ \(\d+\)$/, '');
  for (let ordinal = 2; ; ordinal += 1) {
    const name = `${original} (${ordinal})`;
    const answer = await ask({ text: checked.chart.text, name, id: name }, signal);
    if (answer.kind !== 'flow' || isNew(answer.flow)) return { ...checked, name, answer };
  }
}
