import { writeFile } from 'node:fs/promises';
import { formatChart } from '../../chart/format-chart.ts';
import { chartsIn, readable, textOf } from './files.ts';

/** Prints charts in one form, or with `write` puts them into their files. Resolves with 1 when a file was not in that form and is not now. */
export async function format(
  files: readonly string[],
  { write, check }: { write: boolean; check: boolean },
): Promise<number> {
  let code = 0;
  for (const file of files) {
    const before = await textOf(file);
    let after = before;
    for (const chart of chartsIn(file, before)) {
      const text = readable(chart);
      after = after.replace(text, () => fitted(formatChart(text), text));
    }
    const isFile = file !== '-';
    if (write && isFile && after !== before) await writeFile(file, after);
    if (check && after !== before) {
      console.log(file);
      code = 1;
    } else if (!check && !(write && isFile)) process.stdout.write(after);
  }
  return code;
}

/** A fence of Markdown ends its chart without a line end. */
const fitted = (formatted: string, before: string): string => (before.endsWith('\n') ? formatted : formatted.trimEnd());
