import type { Answer } from './answer.ts';
import { ask } from './ask.ts';
import { findCharts, type FoundChart } from '../../../src/chart/charts-in-text.ts';

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
  for (const chart of charts) {
    if (signal.aborted) break;
    const own = charts.length === 1 ? name : nameOf(chart, name, checked);
    checked.push({ chart, name: own, answer: await ask({ text: chart.text, name: own }, signal) });
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

/** Charts of one text must differ by name: their ids come from it. */
function nameOf(chart: FoundChart, name: string, before: readonly CheckedChart[]): string {
  const own = titleOf(chart) ?? name;
  return before.some((other) => other.name === own) ? `${own} ${before.length + 1}` : own;
}

function titleOf({ text, heading }: FoundChart): string | undefined {
  const frontmatter = /^\s*---[ \t]*\r?\n([\s\S]*?)\n[ \t]*---/.exec(text)?.[1] ?? '';
  const title = /^[ \t]*title:[ \t]*(["']?)(.+?)\1[ \t\r]*$/m.exec(frontmatter)?.[2];
  return title ?? heading;
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
