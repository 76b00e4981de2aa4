import type { FlowNode } from './answer.ts';
import { ask } from './ask.ts';
import type { CheckedChart } from './check.ts';
import { findExisting, isNew, type Existing } from './import-flow.ts';
import { bindingsOf } from '../../../src/chart/sync/chart-node.ts';
import { isChartNode } from './sync/flow-of-tab.ts';
import { withOwnIds } from './own-ids.ts';

/** The flow of a chart that is right, its tab named as the dialog says; subgraphs that are tabs are called as the chart says. */
export function flowOf({ answer, name }: CheckedChart): FlowNode[] {
  if (answer.kind !== 'flow') return [];
  const drawn = new Set(bindingsOf(answer.flow.find(isChartNode)).map(({ nodeId }) => nodeId));
  const [tab, ...others] = answer.flow.filter(({ type, id }) => type === 'tab' && !drawn.has(id));
  return answer.flow.map((node) => (node === tab && others.length === 0 ? { ...node, label: name } : node));
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

/** Called off, it is the chart as it was, which nobody imports. */
async function asCopy(checked: CheckedChart, signal: AbortSignal): Promise<CheckedChart> {
  const original = checked.name.replace(/ \(\d+\)$/, '');
  const before = new Set(flowOf(checked).map(({ id }) => id));
  for (let ordinal = 2; !signal.aborted; ordinal += 1) {
    const name = `${original} (${ordinal})`;
    const answer = await ask({ text: checked.chart.text, name, id: name }, signal);
    if (answer.kind !== 'flow' || isNew(answer.flow)) return { ...checked, name, answer };
    // A chart that was written from a flow says the ids of its nodes itself, whatever it is called.
    const isSaid = answer.flow.some(({ id, z, type }) => (z !== undefined || type === 'tab') && before.has(id));
    if (isSaid) return { ...checked, name, answer: { ...answer, flow: withOwnIds(answer.flow) } };
  }
  return checked;
}
