import { writeFile } from 'node:fs/promises';
import { formatChart } from '../../chart/format-chart.ts';
import { chartsOf, textOf } from './files.ts';

/** Prints charts in one form, or with `write` puts them into their files. Resolves with 1 when a file was not in that form and is not now. */
export async function format(
  files: readonly string[],
  { write, check }: { write: boolean; check: boolean },
): Promise<number> {
  let code = 0;
  for (const file of files) {
    const before = await textOf(file);
    let after = before;
    for (const { text } of await chartsOf(file)) after = after.replace(text, () => fitted(formatChart(text), text));
    if (write && after !== before) await writeFile(file, after);
    if (check && after !== before) {
      console.log(file);
      code = 1;
    } else if (!write && !check) process.stdout.write(after);
  }
  return code;
}

/** A fence of Markdown ends its chart without a line end. */
const fitted = (formatted: string, before: string): string => (before.endsWith('\n') ? formatted : formatted.trimEnd());
