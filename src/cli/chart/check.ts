import { chartJson } from '../../chart/chart-json.ts';
import { toldApart } from '../../chart/charts-in-text.ts';
import { type ParsedChart, parseChart } from '../../chart/parse/parse-chart.ts';
import type { ChartDiagnostic } from '../../chart/parse/span.ts';
import type { ChartCodeName } from '../../chart/profile/chart-codes.ts';
import { linkDiagnostics, type NamedChart } from '../../chart/profile/link-checks.ts';
import { profileOf } from '../../chart/profile/profile.ts';
import { errorLine, Fault, isFault } from '../../fault.ts';
import { type ChartInFile, chartsOf } from './files.ts';

/** What was found in one chart, or of a file that holds none. */
interface Checked {
  readonly chart: ChartInFile;
  readonly parsed: ParsedChart;
  /** Its meaning, when it is well formed. */
  readonly named?: NamedChart;
}

type Found = Checked | { readonly file: string; readonly fault: Fault };

/** What a text is that is not well formed. */
const SYNTAX: ChartCodeName = 'SYNTAX_INVALID';

/**
 * Checks every chart of the files, and the links between them. With `json` one line of JSON for each, whatever it holds. Resolves
 * with the exit code: 1 when a chart has an error, 0 when there are warnings at most.
 */
export async function check(files: readonly string[], json: boolean): Promise<number> {
  const read = (await Promise.all(files.map(chartsFound))).flat();
  const names = toldApart(read.map((one) => ('fault' in one ? '' : one.chart.name)));
  const found = read.map((one, index) => ('fault' in one ? one : withMeaning(one, names[index] ?? one.chart.name)));
  const linked = linkDiagnostics(found.flatMap((one) => ('named' in one && one.named ? [one.named] : [])));
  const codes = found.map((one) => {
    if ('fault' in one) return tellFault(one.file, one.fault, json);
    const { parsed, named } = one;
    const meant = named ? [...named.profile.diagnostics, ...(linked.get(named) ?? [])] : [];
    return (json ? tellJson : tellText)(one, [...parsed.diagnostics, ...meant]);
  });
  return Math.max(0, ...codes);
}

async function chartsFound(file: string): Promise<Found[]> {
  try {
    return (await chartsOf(file)).map((chart) => ({ chart, parsed: parseChart(chart.text) }));
  } catch (error) {
    if (!isFault(error)) throw error;
    return [{ file, fault: error }];
  }
}

function withMeaning({ chart, parsed }: Checked, name: string): Checked {
  if (parsed.diagnostics.some(isError)) return { chart, parsed };
  return { chart, parsed, named: { name, parsed, profile: profileOf(parsed, new Set(), name) } };
}

const isError = ({ severity }: ChartDiagnostic): boolean => severity === 'error';

function tellJson({ chart, parsed }: Checked, diagnostics: readonly ChartDiagnostic[]): number {
  const ok = !diagnostics.some(isError);
  const told = diagnostics.map((diagnostic) => toldOf(diagnostic, chart));
  console.log(JSON.stringify({ file: chart.place, ok, ...chartJson(parsed.model), diagnostics: told }));
  return ok ? 0 : 1;
}

/** Warnings go where errors go; a chart with an error is told in the words of all other commands. */
function tellText({ chart }: Checked, diagnostics: readonly ChartDiagnostic[]): number {
  const { place, linesBefore, columnsBefore } = chart;
  for (const { code = SYNTAX, line, column, expected, message, severity } of diagnostics) {
    if (severity === 'warning')
      console.error(
        `${code}: ${place}:${line + linesBefore}:${column + columnsBefore}: ${message} Expected ${expected}.`,
      );
  }
  const error = diagnostics.find(isError);
  if (error === undefined) {
    console.log(`${place}: well formed`);
    return 0;
  }
  const { line, column, expected } = error;
  console.error(
    errorLine(
      new Fault('CHART_INVALID', { file: place, line: line + linesBefore, column: column + columnsBefore, expected }),
    ),
  );
  return 1;
}

function tellFault(file: string, fault: Fault, json: boolean): number {
  if (!json) console.error(errorLine(fault));
  else {
    const { code } = fault;
    const message = errorLine(fault);
    const diagnostics = [{ code, line: 1, column: 1, expected: 'a file', message, severity: 'error' }];
    const nothing = { direction: 'TB', vertices: [], edges: [], subgraphs: [] };
    console.log(JSON.stringify({ file, ok: false, ...nothing, diagnostics }));
  }
  return 1;
}

function toldOf(diagnostic: ChartDiagnostic, { linesBefore, columnsBefore }: ChartInFile): object {
  const { code = SYNTAX, line, column, expected, message, severity, fix } = diagnostic;
  const place = { line: line + linesBefore, column: column + columnsBefore };
  return { code, ...place, expected, message, severity, ...(fix && { fix }) };
}
