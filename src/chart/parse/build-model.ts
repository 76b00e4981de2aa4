import { ModelBuilder } from './model-builder.ts';
import type { ChartModel } from './model.ts';
import type { Report } from './span.ts';
import type { ChainStatement, ChartSyntax, NodeSyntax, Statement, SubgraphStatement } from './syntax.ts';

/** Puts together what the statements mean, in their order, as Mermaid's database does. */
export function buildModel(syntax: ChartSyntax, report: Report): ChartModel {
  const builder = new ModelBuilder(syntax.header?.direction ?? 'TB', report);
  for (const statement of syntax.statements) apply(builder, statement);
  return builder.model;
}

/** Applies one statement and tells the ids it adds to the subgraph around it. */
function apply(builder: ModelBuilder, statement: Statement): string[] {
  switch (statement.kind) {
    case 'chain':
      return applyChain(builder, statement);
    case 'subgraph':
      return [applySubgraph(builder, statement)];
    case 'style':
      builder.styleVertex(statement.ids, statement.styles);
      return [];
    case 'classDef':
      builder.defineClass(statement.ids.text, statement.styles);
      return [];
    case 'class':
      builder.addClass(statement.ids.text, statement.className.text);
      return [];
    case 'linkStyle':
      builder.links.style(statement);
      return [];
    case 'click':
      builder.click(statement);
      return [];
    case 'accTitle':
    case 'accDescr':
      builder.model[statement.kind] = statement.value.replace(/\n\s+/g, '\n');
      // To Mermaid the text is a member of the subgraph around it, though no box.
      return statement.value === '' ? [] : [statement.value];
    case 'direction':
    case 'opaque':
      return [];
  }
}

function applyChain(builder: ModelBuilder, { groups, links }: ChainStatement): string[] {
  const ids: string[][] = [];
  for (const [index, group] of groups.entries()) {
    mentionAll(builder, group);
    const targets = group.map(({ id }) => id.text);
    const link = links[index - 1];
    if (link) builder.links.connect(ids.at(-1) ?? [], targets, link);
    ids.push(targets);
  }
  return ids.reverse().flat();
}

/** Settings of a box count after the box that follows it behind `&`: Mermaid reads on before it looks back. */
function mentionAll(builder: ModelBuilder, group: readonly NodeSyntax[]): void {
  const several = group.length > 1;
  let late: NodeSyntax | undefined;
  for (const node of group) {
    const { data, ...rest } = node;
    const waits = several && data !== undefined && builder.isBox(node.id.text);
    builder.mention(waits ? rest : node);
    if (late) builder.mention(late);
    late = waits ? { id: node.id, span: node.span, classes: [], data } : undefined;
  }
  if (late) builder.mention(late);
}

function applySubgraph(builder: ModelBuilder, statement: SubgraphStatement): string {
  const members = new Set<string>();
  let direction: string | undefined;
  const loose = statement.loose ?? -1;
  for (const [index, inner] of statement.body.entries()) {
    if (index === loose) members.add(';');
    if (inner.kind === 'direction') direction = inner.value;
    for (const id of apply(builder, inner)) members.add(id);
  }
  if (loose === statement.body.length) members.add(';');
  return builder.addSubgraph(statement, [...members], direction);
}
