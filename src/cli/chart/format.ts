import { writeFile } from 'node:fs/promises';
import { formatChart } from '../../chart/format-chart.ts';
import { type ChartInFile, chartsIn, readable, textOf } from './files.ts';

/** Prints charts in one form, or with `write` puts them into their files. Resolves with 1 when `check` finds a file that is not in it. */
export async function format(
  files: readonly string[],
  { write, check }: { write: boolean; check: boolean },
): Promise<number> {
  let code = 0;
  for (const file of files) {
    const before = await textOf(file);
    const after = formatted(before, chartsIn(file, before));
    const isFile = file !== '-';
    if (write && isFile && after !== before) await writeFile(file, after);
    if (check && after !== before) {
      console.log(file);
      code = 1;
    } else if (!check && !(write && isFile)) process.stdout.write(after);
  }
  return code;
}

/** A text with each of its charts in one form, and all else as it is. */
function formatted(whole: string, charts: readonly ChartInFile[]): string {
  const lines = whole.split(/(?<=\n)/);
  for (const chart of charts.toReversed()) {
    const { linesBefore, text } = chart;
    const after = fitted(formatChart(readable(chart)), text);
    if (linesBefore === 0) return after;
    if (after === text) continue;
    const count = text.split('\n').length;
    const [fence = '', last = ''] = [lines[linesBefore - 1], lines[linesBefore + count - 1]];
    const [indent = ''] = /^[ \t]*/.exec(fence) ?? [];
    const [lineEnd = ''] = /\r?\n$/.exec(fence) ?? [];
    const written = after
      .split('\n')
      .map((line) => (line === '' ? '' : indent + line))
      .join(lineEnd);
    lines.splice(linesBefore, count, written + (/\r?\n$/.exec(last)?.[0] ?? ''));
  }
  return lines.join('');
}

/** A fence of Markdown ends its chart without a line end. */
const fitted = (text: string, before: string): string => (before.endsWith('\n') ? text : text.trimEnd());
