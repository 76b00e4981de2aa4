import { chartJson } from '../../chart/chart-json.ts';
import { parseChart } from '../../chart/parse/parse-chart.ts';
import type { ChartDiagnostic } from '../../chart/parse/span.ts';
import { errorLine, Fault, isFault } from '../../fault.ts';
import { type ChartInFile, chartsOf } from './files.ts';

/** Checks every chart of the files. With `json` one line of JSON for each, whatever it holds; resolves with the exit code. */
export async function check(files: readonly string[], json: boolean): Promise<number> {
  let code = 0;
  for (const file of files) {
    if (json) code = Math.max(code, await checkAsJson(file));
    else for (const chart of await chartsOf(file)) checkChart(chart);
  }
  return code;
}

function checkChart({ place, text, linesBefore }: ChartInFile): void {
  const { diagnostics } = parseChart(text);
  const worst = diagnostics.find(({ severity }) => severity === 'error');
  if (worst !== undefined) {
    const { line, column, expected } = worst;
    throw new Fault('CHART_INVALID', { file: place, line: line + linesBefore, column, expected });
  }
  console.log(`${place}: well formed`);
}

async function checkAsJson(file: string): Promise<number> {
  try {
    const codes = (await chartsOf(file)).map(({ place, text, linesBefore }) => {
      const { model, diagnostics } = parseChart(text);
      const ok = !diagnostics.some(({ severity }) => severity === 'error');
      const told = diagnostics.map((diagnostic) => toldOf(diagnostic, linesBefore));
      console.log(JSON.stringify({ file: place, ok, ...chartJson(model), diagnostics: told }));
      return ok ? 0 : 1;
    });
    return Math.max(0, ...codes);
  } catch (error) {
    if (!isFault(error)) throw error;
    const diagnostics = [{ line: 1, column: 1, expected: 'a file', message: errorLine(error), severity: 'error' }];
    const nothing = { direction: 'TB', vertices: [], edges: [], subgraphs: [] };
    console.log(JSON.stringify({ file, ok: false, ...nothing, diagnostics }));
    return 1;
  }
}

function toldOf({ line, column, expected, message, severity, fix }: ChartDiagnostic, linesBefore: number): object {
  return { line: line + linesBefore, column, expected, message, severity, ...(fix && { fix }) };
}
