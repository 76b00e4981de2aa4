import type { CaseLine, CaseResult } from './bench.ts';

/** All lines of a run as a Markdown table: what was missed and what could not run stand in it as everything else. */
export function tableOf(lines: readonly CaseLine[], machine: string): string {
  const results = lines.filter((line): line is CaseResult => !('skipped' in line));
  const missed = results.filter(({ met }) => !met).length;
  const head = ['case', 'ours', 'peer', 'unit', 'ratio', 'CPU us: ours / peer', 'CPU ratio', 'goal', 'against'];
  const rows = [head, ['---', '--:', '--:', '---', '--:', '--:', '--:', '---', '---'], ...lines.map(cellsOf)];
  const summary = `${machine}. ${results.length - missed} of ${results.length} goals met, ${missed} missed, ${lines.length - results.length} not run.`;
  return [summary, '', ...rows.map((cells) => `| ${cells.join(' | ')} |`)].join('\n');
}

/** The page with another table between `<!-- name -->` and `<!-- /name -->`; `undefined` when it has no such place. */
export function withTable(page: string, name: string, table: string): string | undefined {
  const [from, to] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [start, end] = [page.indexOf(from), page.indexOf(to)];
  if (start < 0 || end < start) return undefined;
  return `${page.slice(0, start + from.length)}\n\n${table}\n\n${page.slice(end)}`;
}

function cellsOf(line: CaseLine): string[] {
  if ('skipped' in line) return [line.case, '', '', '', '', '', '', 'not run', `${line.peerName}: ${line.skipped}`];
  const { detail, goal, met } = line;
  const cpu = detail === undefined ? '' : `${rounded(detail.oursCpuUs)} / ${rounded(detail.peerCpuUs)}`;
  return [
    line.case,
    rounded(line.ours),
    rounded(line.peer),
    line.unit,
    rounded(line.ratio),
    cpu,
    rounded(line.cpuRatio),
    goal === 0 ? 'none' : `${goal} ${met ? 'met' : '**missed**'}`,
    line.peerName,
  ];
}

/** Three digits that mean something; JSON has no NaN, so what is not counted comes as null. */
function rounded(figure: number | null): string {
  if (figure === null || Number.isNaN(figure)) return '';
  if (figure >= 100) return Math.round(figure).toLocaleString('en');
  return String(Number(figure.toPrecision(3)));
}
