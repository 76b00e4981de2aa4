import { chartJson } from '../../chart/chart-json.ts';
import { parseChart } from '../../chart/parse/parse-chart.ts';
import type { ChartDiagnostic } from '../../chart/parse/span.ts';
import { errorLine, isFault } from '../../fault.ts';
import { type ChartInFile, chartsOf, readable } from './files.ts';

/** Checks every chart of the files. With `json` one line of JSON for each, whatever it holds; resolves with the exit code. */
export async function check(files: readonly string[], json: boolean): Promise<number> {
  let code = 0;
  for (const file of files) {
    if (json) code = Math.max(code, await checkAsJson(file));
    else code = Math.max(code, await checkAsText(file));
  }
  return code;
}

async function checkAsText(file: string): Promise<number> {
  const codes = await attempt(async () => (await chartsOf(file)).map((chart) => attempt(() => checkChart(chart))));
  return Array.isArray(codes) ? Math.max(0, ...(await Promise.all(codes))) : codes;
}

async function checkChart(chart: ChartInFile): Promise<number> {
  readable(chart);
  console.log(`${chart.place}: well formed`);
  return 0;
}

/** What goes wrong is said, and what follows is checked all the same. */
async function attempt<T>(act: () => Promise<T>): Promise<T | number> {
  try {
    return await act();
  } catch (error) {
    if (!isFault(error)) throw error;
    console.error(errorLine(error));
    return 1;
  }
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
