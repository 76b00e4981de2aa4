import { wireText } from '../../../../src/metrics/figure-text.ts';
import type { LiveWire } from '../../../../src/metrics/live-reading.ts';
import type { ParsedChart } from '../../../../src/chart/parse/parse-chart.ts';
import type { ChainStatement, LinkSyntax, Statement } from '../../../../src/chart/parse/syntax.ts';
import { applyTextEdits, type TextEdit } from '../../../../src/chart/index.ts';

/** The chart with what goes over each arrow in its label, and when that was measured in its title. `wires` by ids of arrows. */
export function withFigures(parsed: ParsedChart, wires: ReadonlyMap<string, LiveWire>, caption: string): string {
  const bySpan = new Map<number, LiveWire[]>();
  for (const { id, span } of parsed.model.edges) {
    const wire = wires.get(id);
    if (wire === undefined) continue;
    const there = bySpan.get(span.start);
    if (there) there.push(wire);
    else bySpan.set(span.start, [wire]);
  }
  const edits = chains(parsed.statements).flatMap(({ links }) =>
    links.flatMap((link) => labelEdit(parsed.text, link, bySpan.get(link.span.start) ?? [])),
  );
  return applyTextEdits(parsed.text, [...edits, titleEdit(parsed, caption)]);
}

function chains(statements: readonly Statement[]): ChainStatement[] {
  return statements.flatMap((statement) => {
    if (statement.kind === 'subgraph') return chains(statement.body);
    return statement.kind === 'chain' ? [statement] : [];
  });
}

/** One arrow may stand for several (`A & B --> C`): then each has its own figures. */
function labelEdit(text: string, { span, label }: LinkSyntax, wires: readonly LiveWire[]): TextEdit[] {
  const figures = wires.map(wireText).filter((one) => one !== '');
  if (figures.length === 0) return [];
  const said = figures.join('<br/>');
  if (label === undefined) {
    const end = span.start + text.slice(span.start, span.end).trimEnd().length;
    return [{ start: end, end, text: `|"${said}"|` }];
  }
  const old = text
    .slice(label.span.start, label.span.end)
    .trim()
    .replace(/^"`?|`?"$/g, '');
  return [{ ...label.span, text: `"${old.replaceAll('"', '#quot;')}<br/>${said}"` }];
}

function titleEdit({ text, frontmatter, model }: ParsedChart, caption: string): TextEdit {
  const title = JSON.stringify(model.title === undefined ? caption : `${model.title} (${caption})`);
  if (frontmatter === undefined) return { start: 0, end: 0, text: `---\ntitle: ${title}\n---\n` };
  const { start, end } = frontmatter.body;
  const line = /^title:.*$/m.exec(text.slice(start, end));
  if (line === null) return { start, end: start, text: `title: ${title}\n` };
  return { start: start + line.index, end: start + line.index + line[0].length, text: `title: ${title}` };
}
