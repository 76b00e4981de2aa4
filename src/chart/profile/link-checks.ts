import type { ParsedChart } from '../parse/parse-chart.ts';
import { type ChartDiagnostic, positionsOf } from '../parse/span.ts';
import type { ChartProfile, Step } from './step.ts';

/** A chart by the name other charts call it. */
export interface NamedChart {
  readonly name: string;
  readonly parsed: ParsedChart;
  readonly profile: ChartProfile;
}

/**
 * Warns of links (`link: chart#box`) that end nowhere: the other chart is not there, does not name this box, or both send or both
 * wait. Gives what is to be said of each chart.
 */
export function linkDiagnostics(charts: readonly NamedChart[]): Map<NamedChart, ChartDiagnostic[]> {
  const byName = new Map(charts.map((chart) => [chart.name, chart]));
  return new Map(charts.map((chart) => [chart, ofChart(chart, byName)]));
}

function ofChart(chart: NamedChart, byName: ReadonlyMap<string, NamedChart>): ChartDiagnostic[] {
  const { name, parsed, profile } = chart;
  const position = positionsOf(parsed.text);
  return profile.steps.flatMap((step): ChartDiagnostic[] => {
    const { linkOf: box } = step;
    const link = box === undefined ? undefined : profile.block.get(box)?.link;
    const vertex = parsed.model.vertices.get(box ?? '');
    if (box === undefined || !link || !vertex) return [];
    const other = byName.get(link.chart);
    const doubt = other
      ? doubtOf(step, other.profile, link.box, `${name}#${box}`)
      : [`a chart called "${link.chart}" beside this one`, `is none of the charts that are checked here`];
    if (!doubt) return [];
    const [expected, trouble] = doubt;
    const message = `The link of ${box} ends nowhere: ${link.chart}#${link.box} ${trouble}.`;
    const { span } = vertex;
    return [{ code: 'LINK_ENDS_NOWHERE', ...position(span.start), expected, message, severity: 'warning', span }];
  });
}

/** What is expected of the other end of a link, and what it is instead. */
function doubtOf(
  { type }: Step,
  { block, steps }: ChartProfile,
  box: string,
  wanted: string,
): readonly [expected: string, trouble: string] | undefined {
  const back = block.get(box)?.link;
  if (!back || `${back.chart}#${back.box}` !== wanted) {
    return [`"link: ${wanted}" in the flow block of the other chart`, 'does not say that it is this box'];
  }
  const end = steps.find(({ linkOf }) => linkOf === box);
  if (end?.type !== type) return undefined;
  return type === 'link out'
    ? ['arrows to the box in one of the charts only', 'sends its messages here too, and nobody takes them']
    : ['arrows to the box in one of the charts', 'waits for messages too, and nobody sends any'];
}
