import { fenced } from '../../chart/charts-in-text.ts';
import { writtenChart } from '../../chart/write/written-chart.ts';
import type { Program } from '../command.ts';
import { flowIn, nameOf } from './files.ts';

/** Prints the chart of a flow as it is, and those of several flows as one Markdown text. */
export async function toChart(files: readonly string[], exact: boolean, program: Program): Promise<number> {
  const texts: string[] = [];
  for (const file of files) {
    const flow = await flowIn(file);
    const text = exact ? writtenChart(flow) : await program.chartOfFlow(flow);
    // A flow that keeps several charts is Markdown already.
    const isChart = files.length > 1 && !text.startsWith('## ');
    texts.push(isChart ? fenced(`## ${nameOf(file)}`, text) : text);
  }
  process.stdout.write(texts.join('\n'));
  return 0;
}
