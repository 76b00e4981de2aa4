import { parseChart } from './parse/parse-chart.ts';
import type { ChartDiagnostic } from './parse/span.ts';

/** What is wrong with a chart, or doubtful, in the order of the text. Never throws. */
export function checkChart(text: string): readonly ChartDiagnostic[] {
  return parseChart(text).diagnostics;
}
