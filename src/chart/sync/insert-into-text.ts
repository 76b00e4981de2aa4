import type { FlowNode } from '../flow-node.ts';
import { type ParsedChart, parseChart } from '../parse/parse-chart.ts';
import type { SubgraphStatement } from '../parse/syntax.ts';
import { boxText, subgraphHead } from '../write/drawing.ts';
import { quotedLabel } from '../write/label-text.ts';
import { type Delta, type Names, parentIn, type WantedArrow } from './delta.ts';
import { allStatements, endOf, wholeStatement } from './places-in-text.ts';
import type { Removed } from './remove-from-text.ts';
import { applyTextEdits } from './text-edits.ts';

/** Writes new groups, boxes and arrows into a chart's text, and again what had to leave its place. */
export function insertedIntoText(
  removed: Removed,
  delta: Delta,
  names: Names,
  parentOf: (id: string) => string | undefined,
): string {
  let { text } = removed;
  const nameOf = (node: FlowNode): string => names.chartId.get(node.id) ?? node.id;
  for (const node of delta.newGroups) {
    const id = nameOf(node);
    const parsed = parseChart(text);
    text = withLines(parsed, parentFor(node, names), [subgraphHead(id, node), 'end']);
  }
  for (const [id, parent] of delta.moved) text = withMovedGroup(text, id, parent);
  const lines = new Map<string | undefined, string[]>();
  const add = (parent: string | undefined, line: string): void =>
    void lines.set(parent, [...(lines.get(parent) ?? []), line]);
  const groups = subgraphsOf(parseChart(text));
  for (const node of delta.newBoxes) add(parentIn(node, names), boxText(nameOf(node), node));
  for (const [id, parent] of delta.moved) if (!groups.has(id)) add(parent, removed.words.get(id) ?? id);
  const numbered = /\blinkStyle[ \t]+\d/.test(text);
  for (const arrow of [...removed.arrows, ...delta.newArrows]) {
    const parent = parentOf(arrow.from);
    add(!numbered && parent === parentOf(arrow.to) ? parent : undefined, arrowText(arrow));
  }
  for (const line of removed.drawn) add(undefined, line);
  const parsed = parseChart(text);
  const subgraphs = subgraphsOf(parsed);
  const edits = [...lines].map(([parent, own]) => {
    const { at, indent, before, after } = endOf(parsed, parent === undefined ? undefined : subgraphs.get(parent));
    return { start: at, end: at, text: own.map((line) => `${before}${indent}${line}`).join('') + after };
  });
  return applyTextEdits(text, edits);
}

const parentFor = (node: FlowNode, names: Names): string | undefined =>
  node.type === 'group' ? parentIn(node, names) : undefined;

const arrowText = ({ from, to, label }: WantedArrow): string =>
  `${from} -->${label === '' ? '' : `|${quotedLabel(label)}|`} ${to}`;

function withLines(parsed: ParsedChart, parent: string | undefined, lines: readonly string[]): string {
  const { at, indent, before, after } = endOf(
    parsed,
    parent === undefined ? undefined : subgraphsOf(parsed).get(parent),
  );
  const text = lines.map((line) => `${before}${indent}${line}`).join('') + after;
  return applyTextEdits(parsed.text, [{ start: at, end: at, text }]);
}

/** A group goes to its new place with everything in it, each line as it was. */
function withMovedGroup(text: string, id: string, parent: string | undefined): string {
  const parsed = parseChart(text);
  const subgraphs = subgraphsOf(parsed);
  const subgraph = subgraphs.get(id);
  if (!subgraph) return text;
  const whole = wholeStatement(text, subgraph.span);
  const target = parent === undefined ? undefined : subgraphs.get(parent);
  const { at, before, after } = endOf(parsed, target);
  if (at >= whole.start && at <= whole.end && parent !== undefined) return text;
  const words = text.slice(whole.start, whole.end).replace(/\r?\n$/, '');
  return applyTextEdits(text, [
    { ...whole, text: '' },
    { start: Math.max(at, 0), end: at, text: `${before}${words}${after}` },
  ]);
}

/** The subgraphs of a chart by the ids Mermaid gives them. */
export function subgraphsOf({ statements, model }: ParsedChart): Map<string, SubgraphStatement> {
  const bySpan = new Map<object, SubgraphStatement>();
  for (const { statement } of allStatements(statements)) {
    if (statement.kind === 'subgraph') bySpan.set(statement.span, statement);
  }
  const found = new Map<string, SubgraphStatement>();
  for (const { id, span } of model.subgraphs) {
    const statement = bySpan.get(span);
    if (statement && !found.has(id)) found.set(id, statement);
  }
  return found;
}
