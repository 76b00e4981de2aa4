import { chartJson } from './chart-json.ts';
import { type ParsedChart, parseChart } from './parse/parse-chart.ts';
import { countBefore, type Span } from './parse/span.ts';
import type { Statement } from './parse/syntax.ts';

interface Line {
  readonly start: number;
  readonly depth: number;
  readonly text: string;
}

/**
 * A chart with each statement on a line of its own, indented by two blanks for each subgraph around it, without semicolons and
 * trailing blanks; words, comments, frontmatter and single empty lines stay. A chart that cannot be read stays as it is.
 */
export function formatChart(text: string): string {
  const parsed = parseChart(text);
  if (parsed.diagnostics.some(({ severity }) => severity === 'error') || !parsed.header) return text;
  const formatted = formattedText(parsed);
  return meansTheSame(formatted, parsed) ? formatted : text;
}

function formattedText({ text, header, statements, comments, directives, frontmatter }: ParsedChart): string {
  const slice = ({ start, end }: Span): string =>
    text
      .slice(start, end)
      .replace(/(?<![\s;])[\s;]+$/, '')
      .replaceAll(/(?<![ \t])[ \t]+(?=\r?\n)/g, '');
  const lines: Line[] = [...linesOf(statements, 1, slice)];
  if (header) lines.push({ start: header.span.start, depth: 0, text: slice(header.span) });
  const written = lines.toSorted((a, b) => a.start - b.start);
  for (const span of [...comments, ...directives]) {
    const index = countBefore(written, span.start);
    const [around, next] = [written[index - 1], written[index]];
    if (around && span.start < around.start + around.text.length) continue;
    const closing = next?.text === 'end' ? 1 : 0;
    const depth = header && span.start < header.span.start ? 0 : (next?.depth ?? 1) + closing;
    lines.push({ start: span.start, depth, text: slice(span) });
  }
  lines.sort((a, b) => a.start - b.start);
  const body = lines.map(({ start, depth, text: words }, index) => {
    const before = lines[index - 1];
    const gap = before && /\n[ \t\r]*\n/.test(text.slice(before.start + before.text.length, start)) ? '\n' : '';
    return `${gap}${'  '.repeat(depth)}${words}`;
  });
  const front = frontmatter ? `${text.slice(frontmatter.span.start, frontmatter.span.end).trimEnd()}\n` : '';
  return `${front}${body.join('\n')}\n`.replaceAll('\r\n', '\n');
}

function linesOf(statements: readonly Statement[], depth: number, slice: (span: Span) => string): Line[] {
  return statements.flatMap((statement): Line[] => {
    const { start } = statement.span;
    if (statement.kind !== 'subgraph') return [{ start, depth, text: slice(statement.span) }];
    const tail = statement.tail ? [{ start: statement.tail.start, depth, text: 'end' }] : [];
    return [{ start, depth, text: slice(statement.head) }, ...linesOf(statement.body, depth + 1, slice), ...tail];
  });
}

function meansTheSame(formatted: string, before: ParsedChart): boolean {
  const after = parseChart(formatted);
  const json = ({ model, comments, directives }: ParsedChart): string =>
    JSON.stringify([
      chartJson(model),
      [...model.classes.values()],
      [...model.tooltips],
      model.title,
      model.accTitle,
      model.accDescr,
      comments.length,
      directives.length,
    ]);
  return !after.diagnostics.some(({ severity }) => severity === 'error') && json(after) === json(before);
}
