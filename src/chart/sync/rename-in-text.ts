import type { ParsedChart } from '../parse/parse-chart.ts';
import type { NodeSyntax } from '../parse/syntax.ts';
import { labelLike, quotedLabel } from '../write/label-text.ts';
import { subgraphsOf } from './insert-into-text.ts';
import { allStatements } from './places-in-text.ts';
import { applyTextEdits, type TextEdit } from './text-edits.ts';

/** Gives boxes and subgraphs other labels, each at the place where the chart says it last. */
export function renamedInText(parsed: ParsedChart, names: ReadonlyMap<string, string>): string {
  const { text, statements } = parsed;
  const edits: TextEdit[] = [];
  const mentions = new Map<string, NodeSyntax[]>();
  for (const { statement } of allStatements(statements)) {
    if (statement.kind !== 'chain') continue;
    for (const node of statement.groups.flat()) {
      if (names.has(node.id.text)) mentions.set(node.id.text, [...(mentions.get(node.id.text) ?? []), node]);
    }
  }
  const subgraphs = subgraphsOf(parsed);
  for (const [id, name] of names) {
    const subgraph = subgraphs.get(id);
    const own = mentions.get(id) ?? [];
    if (subgraph) edits.push(titleEdit(text, subgraph, name));
    else {
      const labelled = own.findLast(({ label }) => label !== undefined);
      const edit = labelled?.label
        ? { ...labelled.label.span, text: labelText(text, labelled, name) }
        : newLabel(own[0], name);
      if (edit) edits.push(edit);
    }
  }
  return applyTextEdits(text, edits);
}

/** Mermaid numbers subgraphs without an id; before there are more or fewer of them, each is given the number it has. */
export function withSubgraphIds(parsed: ParsedChart): string {
  const edits = [...subgraphsOf(parsed)].flatMap(([id, { id: said, title }]): TextEdit[] => {
    if (said) return [];
    const words = parsed.text.slice(title.span.start, title.span.end).trim();
    return [{ ...title.span, text: `${id} [${words.startsWith('"') ? words : quotedLabel(words)}]` }];
  });
  return applyTextEdits(parsed.text, edits);
}

function labelText(text: string, { label }: NodeSyntax, name: string): string {
  const before = label ? text.slice(label.span.start, label.span.end) : '';
  return labelLike(before, name);
}

function newLabel(node: NodeSyntax | undefined, name: string): TextEdit | undefined {
  if (!node || node.shape !== undefined) return undefined;
  return { start: node.id.span.end, end: node.id.span.end, text: `[${quotedLabel(name)}]` };
}

/** A title in brackets is replaced; one that is the id too stays as the id. */
function titleEdit(
  text: string,
  { id, title }: { id?: { span: { start: number; end: number } }; title: { span: { start: number; end: number } } },
  name: string,
): TextEdit {
  if (id && id.span.start === title.span.start) {
    return { start: id.span.end, end: id.span.end, text: ` [${quotedLabel(name)}]` };
  }
  const before = text.slice(title.span.start, title.span.end);
  return {
    ...title.span,
    text: before.startsWith('"') || id === undefined ? quotedLabel(name) : labelLike(before, name),
  };
}
