import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { chartNames, findCharts, toldApart } from '../../chart/charts-in-text.ts';
import type { FlowNode } from '../../chart/flow-node.ts';
import { parseChart } from '../../chart/parse/parse-chart.ts';
import { Fault } from '../../fault.ts';
import { isRecord } from '../../is-record.ts';

/** A chart of a file; a Markdown file may hold several. */
export interface ChartInFile {
  /** The file, and for one of several charts its number: `README.md#2`. */
  readonly place: string;
  readonly name: string;
  readonly text: string;
  readonly linesBefore: number;
  readonly columnsBefore: number;
}

/** Reads a file, or standard input for `-`. Rejects with FILE_UNREADABLE. */
export async function textOf(file: string): Promise<string> {
  try {
    if (file === '-') return await text(process.stdin);
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('FILE_UNREADABLE', { file, reason }, { cause: error });
  }
}

/** What the chart of a file is called. */
export const nameOf = (file: string): string => (file === '-' ? 'chart' : basename(file).replace(/\.\w+$/, ''));

/** The charts of a file: the whole of it, or each `mermaid` fence of Markdown that holds a flowchart. */
export async function chartsOf(file: string): Promise<ChartInFile[]> {
  return chartsIn(file, await textOf(file));
}

/** The charts of several files, each under a name of its own. */
export async function chartsOfAll(files: readonly string[]): Promise<ChartInFile[]> {
  const charts = (await Promise.all(files.map(chartsOf))).flat();
  const names = toldApart(charts.map(({ name }) => name));
  return charts.map((chart, index) => ({ ...chart, name: names[index] ?? chart.name }));
}

/** The charts of a file that was read. */
export function chartsIn(file: string, whole: string): ChartInFile[] {
  const name = nameOf(file);
  if (!/\.(?:md|markdown)$/i.test(file)) return [{ place: file, name, text: whole, linesBefore: 0, columnsBefore: 0 }];
  const { charts } = findCharts(whole);
  const several = charts.length > 1;
  // One chart of a file has the name of its heading too.
  const names = several ? chartNames(charts, name) : charts.map(({ heading }) => heading ?? name);
  return charts.map((chart, index) => ({
    place: several ? `${file}#${index + 1}` : file,
    name: names[index] ?? name,
    text: chart.text,
    linesBefore: chart.linesBefore,
    columnsBefore: chart.columnsBefore,
  }));
}

/** The text of a chart. Throws CHART_INVALID, with the place in its file, when it cannot be read. */
export function readable({ place, text: chart, linesBefore, columnsBefore }: ChartInFile): string {
  const error = parseChart(chart).diagnostics.find(({ severity }) => severity === 'error');
  if (error === undefined) return chart;
  const { line, column, expected } = error;
  throw new Fault('CHART_INVALID', { file: place, line: line + linesBefore, column: column + columnsBefore, expected });
}

/** The flow a file of JSON holds. Rejects with FILE_UNREADABLE and FILE_DAMAGED. */
export async function flowIn(file: string): Promise<FlowNode[]> {
  const damaged = (reason: string, cause?: unknown): Fault => new Fault('FILE_DAMAGED', { file, reason }, { cause });
  let value: unknown;
  try {
    value = JSON.parse((await textOf(file)).replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw damaged('it is not JSON, so it does not hold a flow', error);
  }
  const nodes: unknown = isRecord(value) && Array.isArray(value['flows']) ? value['flows'] : value;
  if (!Array.isArray(nodes)) throw damaged('it does not hold a flow, which is a list of nodes');
  return nodes.map((node: unknown) => {
    if (!isRecord(node) || typeof node['id'] !== 'string' || typeof node['type'] !== 'string') {
      throw damaged('one of its nodes has no id or no type');
    }
    return { ...node, id: node['id'], type: node['type'] };
  });
}
