/** A chart as it stands in a longer text. */
export interface FoundChart {
  readonly text: string;
  /** From the nearest heading above its fence. */
  readonly heading?: string;
  /** Lines of the longer text before it, and columns before each of its lines. */
  readonly linesBefore: number;
  readonly columnsBefore: number;
}

export interface FoundCharts {
  readonly charts: readonly FoundChart[];
  /** Fences that hold another kind of diagram. */
  readonly others: number;
}

const FENCE = /^([ \t]*)(`{3,}|~{3,})[ \t]*mermaid\b.*$/i;
const HEADING = /^#{1,6}[ \t]+(.+?)[ \t#]*$/;
/** Frontmatter, directives and comments may come before the keyword. */
const CHART =
  /^\s*(?:---[ \t]*\n[\s\S]*?\n[ \t]*---[ \t]*(?:\n|$)\s*)?(?:%%\{[\s\S]*?\}%%\s*|%%[^\n]*(?:\n|$)\s*)*(?:graph|flowchart(?:-elk)?|swimlane-beta)(?=[\s;]|$)/;

/** True for text that begins as a Mermaid flowchart does. */
export const isChart = (text: string): boolean => CHART.test(plain(text));

/** True for text worth opening the dialog for: a flowchart, or Markdown with a Mermaid fence. */
export const holdsChart = (text: string): boolean =>
  isChart(text) || findCharts(text).charts.some((chart) => isChart(chart.text));

/** The charts of a text: each `mermaid` fence of Markdown that holds a flowchart, or the text itself. */
export function findCharts(text: string): FoundCharts {
  const fences = isChart(text) ? [] : fencesOf(plain(text));
  if (fences.length === 0) return { charts: [{ text, linesBefore: 0, columnsBefore: 0 }], others: 0 };
  const charts = fences.filter((fence) => isChart(fence.text));
  // Fences without any flowchart: the first one then says what was expected in its place.
  if (charts.length === 0) return { charts: fences.slice(0, 1), others: fences.length - 1 };
  return { charts, others: fences.length - charts.length };
}

/**
 * What each chart of a text is called, which its ids come from: its title, else the heading above it, else `name`; a number tells
 * charts apart that would be called the same.
 */
export function chartNames(charts: readonly FoundChart[], name: string): string[] {
  return toldApart(charts.map((chart) => (charts.length > 1 ? titleOf(chart) : undefined) ?? name));
}

/** Names of which no two are the same: one that was there before gets its number behind it, or the next that is free. */
export function toldApart(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    let own = name;
    for (let number = index + 1; taken.has(own); number += 1) own = `${name} ${number}`;
    taken.add(own);
    return own;
  });
}

/** A chart as a fence of Markdown under its heading, with more marks than any row of them in the chart: notes may hold fences too. */
export function fenced(heading: string, text: string): string {
  const rows = text.match(/`{3,}/g) ?? [];
  const marks = '`'.repeat(rows.reduce((most, { length }) => Math.max(most, length + 1), 3));
  return `${heading}\n\n${marks}mermaid\n${text.trimEnd()}\n${marks}\n`;
}

/** The title in the frontmatter of a chart, or the heading above it. */
export function titleOf({ text, heading }: FoundChart): string | undefined {
  const frontmatter = /^\s*---[ \t]*\r?\n([\s\S]*?)\n[ \t]*---/.exec(text)?.[1] ?? '';
  const title = /^[ \t]*title:[ \t]*(["']?)(.+?)\1[ \t\r]*$/m.exec(frontmatter)?.[2];
  return title ?? heading;
}

const plain = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

function fencesOf(text: string): FoundChart[] {
  const lines = text.split('\n');
  const fences: FoundChart[] = [];
  let heading: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    heading = HEADING.exec(lines[at] ?? '')?.[1] ?? heading;
    const [, indent, marks] = FENCE.exec(lines[at] ?? '') ?? [];
    if (indent === undefined || marks === undefined) continue;
    const end = endOfFence(lines, at + 1, marks);
    const body = lines
      .slice(at + 1, end)
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()));
    fences.push({
      text: body.join('\n'),
      ...(heading !== undefined && { heading }),
      linesBefore: at + 1,
      columnsBefore: indent.length,
    });
    at = end;
  }
  return fences;
}

/** The line that closes the fence; a fence that is never closed goes to the end. */
function endOfFence(lines: readonly string[], from: number, marks: string): number {
  const closes = (line: string): boolean => {
    const trimmed = line.trim();
    return trimmed.length >= marks.length && trimmed.replaceAll(marks[0] ?? '`', '') === '';
  };
  const at = lines.findIndex((line, index) => index >= from && closes(line));
  return at === -1 ? lines.length : at;
}
