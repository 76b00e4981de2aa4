import { buildModel } from './build-model.ts';
import { cursorOf, spanOf } from './cursor.ts';
import { readYaml, textOf } from './data.ts';
import type { ChartModel } from './model.ts';
import { type ChartSource, prepareSource } from './source.ts';
import { type ChartDiagnostic, type Report, type Span, positionsOf } from './span.ts';
import { parseStatements } from './statements.ts';
import type { ChartHeader, Frontmatter, Statement } from './syntax.ts';

/** A chart read without loss: what it says (statements, with spans into the text) and what it means (model). */
export interface ParsedChart {
  readonly text: string;
  readonly header?: ChartHeader;
  readonly statements: readonly Statement[];
  readonly model: ChartModel;
  /** `%% …`, and what is no word to Mermaid, such as `""`. */
  readonly comments: readonly Span[];
  readonly directives: readonly Span[];
  readonly frontmatter?: Frontmatter;
  readonly diagnostics: readonly ChartDiagnostic[];
}

/** Reads a Mermaid flowchart. Never throws: what cannot be read is an opaque statement with a diagnostic. */
export function parseChart(text: string): ParsedChart {
  const source = prepareSource(text);
  const diagnostics: ChartDiagnostic[] = [];
  const position = positionsOf(text);
  const report: Report = (span, expected, message, fix) =>
    void diagnostics.push({ ...position(span.start), expected, message, severity: 'error', span, ...(fix && { fix }) });
  const cursor = cursorOf(source);
  const syntax = parseStatements(cursor, report);
  const { header, statements } = syntax;
  const model = buildModel(syntax, report);
  const frontmatter = readFrontmatter(source, report);
  const title = textOf(frontmatter?.value.get('title'));
  if (title !== undefined) model.title = title;
  diagnostics.sort((a, b) => a.span.start - b.span.start);
  const { directives } = source;
  const passed = [...cursor.passed].map(([start, end]) => spanOf(cursor, start, end));
  const comments = [...source.comments, ...passed].sort((a, b) => a.start - b.start);
  const optional = { ...(header && { header }), ...(frontmatter && { frontmatter }) };
  return { text, statements, model, comments, directives, diagnostics, ...optional };
}

function readFrontmatter(source: ChartSource, report: Report): Frontmatter | undefined {
  const { frontmatter } = source;
  if (!frontmatter) return undefined;
  const { span, body, indent, late } = frontmatter;
  if (late) {
    const before = { start: 0, end: span.start };
    const fix = { title: 'Remove the empty lines', span: before, text: '' };
    const wanted = 'frontmatter in the first line';
    report(span, wanted, 'Mermaid reads frontmatter only at the very beginning.', fix);
  }
  const reading = readYaml(dedented(source.text.slice(body.start, body.end), indent));
  if ('value' in reading) return { span, body, value: reading.value instanceof Map ? reading.value : new Map() };
  const at = Math.min(body.start + reading.at, body.end);
  report({ start: at, end: body.end }, 'YAML', `The frontmatter cannot be read: ${reading.problem}.`);
  return { span, body, value: new Map() };
}

/** Frontmatter pasted with the indentation of the Markdown around it: that of its dashes. */
const dedented = (body: string, indent: string): string => `\n${body}`.replaceAll(`\n${indent}`, '\n').slice(1);
