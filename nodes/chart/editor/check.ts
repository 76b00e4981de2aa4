import type { Answer } from './answer.ts';
import { ask } from './ask.ts';
import { sizeProblem } from './size-problem.ts';
import { chartNames, findCharts, type FoundChart, titleOf } from '../../../src/chart/charts-in-text.ts';

/** One chart of the text, and what the runtime says to it. */
export interface CheckedChart {
  readonly chart: FoundChart;
  readonly name: string;
  readonly answer: Answer;
}

export interface Checked {
  readonly charts: readonly CheckedChart[];
  readonly others: number;
}

/** Asks about every chart of a text, one after the other. */
export async function check(text: string, name: string, signal: AbortSignal): Promise<Checked> {
  const { charts, others } = findCharts(text);
  const checked: CheckedChart[] = [];
  const names = chartNames(charts, name);
  for (const [index, chart] of charts.entries()) {
    if (signal.aborted) break;
    const own = names[index] ?? name;
    const reason = sizeProblem(chart.text);
    const answer: Answer =
      reason === undefined ? await ask({ text: chart.text, name: own }, signal) : { kind: 'failed', reason };
    checked.push({ chart, name: own, answer });
  }
  return { charts: checked, others };
}

/** The name to offer for the tab: the chart's title, the heading above it, where it is already, the file's name, or one not in use. */
export function suggestName(text: string, fileName: string | undefined): string {
  const { charts } = findCharts(text);
  const [chart] = charts;
  return (chart && (titleOf(chart) ?? nameOfImported(chart.text))) ?? fileName ?? freeName();
}

/** The tab the same text was imported to before. */
function nameOfImported(text: string): string | undefined {
  let name: string | undefined;
  RED.nodes.eachConfig((node) => {
    if (node.type === 'chartwire-chart' && node['text'] === text) name = labelOf(node.z ?? '');
  });
  return name;
}

function labelOf(tab: string): string | undefined {
  const label = RED.nodes.workspace(tab)?.['label'];
  return typeof label === 'string' ? label : undefined;
}

function freeName(): string {
  const taken = new Set(RED.nodes.getWorkspaceOrder().map(labelOf));
  for (let ordinal = 1; ; ordinal += 1) {
    const name = ordinal === 1 ? 'Chart' : `Chart ${ordinal}`;
    if (!taken.has(name)) return name;
  }
}
