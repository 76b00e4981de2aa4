import { type Data, merged, readData } from './data.ts';
import { LinkBuilder } from './link-builder.ts';
import type { ChartModel, Subgraph, Vertex } from './model.ts';
import type { Report } from './span.ts';
import { setDataFields, unknownShape } from './vertex-data.ts';
import type { ClickStatement, NodeSyntax, SubgraphStatement, Word } from './syntax.ts';

/** Keeps the model while statements are applied; ids are looked up in maps, so a chart of 10,000 boxes stays fast. */
export class ModelBuilder {
  readonly model: ChartModel;
  readonly links: LinkBuilder;
  readonly #report: Report;
  readonly #subgraphs = new Map<string, Subgraph>();
  readonly #placed = new Set<string>();
  #subgraphCount = 0;

  constructor(direction: string, report: Report) {
    this.#report = report;
    this.model = {
      direction,
      vertices: new Map(),
      edges: [],
      subgraphs: [],
      classes: new Map(),
      tooltips: new Map(),
    };
    this.links = new LinkBuilder(this.model, report);
  }

  mention(node: NodeSyntax): void {
    const data = this.#dataOf(node);
    const id = node.id.text;
    const subgraph = this.#subgraphs.get(id);
    if (subgraph && data) subgraph.data = merged(subgraph.data, data);
    const own = subgraph ? undefined : data;
    if (!this.links.setData(id, own)) this.#setVertex(this.#vertex(node.id), node, own);
    for (const { text } of node.classes) this.addClass(id, text);
  }

  /** Whether an id, so far, is neither a subgraph's nor an arrow's. */
  isBox(id: string): boolean {
    return !this.#subgraphs.has(id) && this.links.get(id) === undefined;
  }

  styleVertex(id: Word, styles: readonly string[]): void {
    if (this.links.setData(id.text, undefined)) return;
    this.#vertex(id).styles.push(...styles);
  }

  defineClass(ids: string, styles: readonly string[]): void {
    const parts = styles
      .join(',')
      .split(/(?<!\\),|;/)
      .map((part) => part.replaceAll('\\,', ','));
    for (const id of ids.split(',')) {
      const definition = this.model.classes.get(id) ?? { id, styles: [], textStyles: [] };
      this.model.classes.set(id, definition);
      for (const part of parts) {
        if (part.includes('color')) definition.textStyles.push(part.replace('fill', 'bgFill'));
        definition.styles.push(part);
      }
    }
  }

  addClass(ids: string, className: string): void {
    for (const id of ids.split(',')) {
      this.model.vertices.get(id)?.classes.push(className);
      this.links.get(id)?.classes.push(className);
      this.#subgraphs.get(id)?.classes.push(className);
    }
  }

  click({ ids, link, linkTarget, callback, tooltip }: ClickStatement): void {
    for (const id of ids.text.split(',')) {
      const vertex = this.model.vertices.get(id);
      if (vertex && link !== undefined) setLink(vertex, link.trim(), linkTarget);
      if (vertex && callback !== undefined) vertex.haveCallback = true;
      if (tooltip !== undefined) this.model.tooltips.set(id, tooltip);
    }
    this.addClass(ids.text, 'clickable');
  }

  /** Adds a subgraph when its `end` is read. A vertex stays in the subgraph that named it first. */
  addSubgraph(statement: SubgraphStatement, members: readonly string[], direction: string | undefined): string {
    const id = statement.id?.text ?? `subGraph${this.#subgraphCount}`;
    this.#subgraphCount += 1;
    const known = this.#subgraphs.get(id);
    const nodes = members.filter((member) => member !== id && !this.#placed.has(member));
    for (const node of nodes) this.#placed.add(node);
    if (known) {
      known.nodes.push(...nodes);
      return id;
    }
    const { text: title, type: labelType } = statement.title;
    const dir = direction === undefined ? {} : { dir: direction };
    const subgraph: Subgraph = { id, title, labelType, nodes, classes: [], span: statement.span, ...dir };
    this.#subgraphs.set(id, subgraph);
    this.model.subgraphs.push(subgraph);
    return id;
  }

  #vertex({ text: id, span }: Word): Vertex {
    let vertex = this.model.vertices.get(id);
    if (!vertex) {
      vertex = { id, text: id, labelType: 'text', styles: [], classes: [], props: {}, span };
      this.model.vertices.set(id, vertex);
    }
    return vertex;
  }

  #setVertex(vertex: Vertex, node: NodeSyntax, data: Data | undefined): void {
    if (node.label) {
      vertex.text = node.label.text;
      vertex.labelType = node.label.type;
    }
    if (node.shape !== undefined) vertex.type = node.shape;
    if (node.props) Object.assign(vertex.props, node.props);
    if (!data) return;
    vertex.data = merged(vertex.data, data);
    const unknown = unknownShape(data);
    if (unknown !== undefined) {
      this.#report(node.data?.span ?? node.span, 'the name of a shape', `There is no shape "${unknown}".`);
    }
    setDataFields(vertex, data);
  }

  #dataOf(node: NodeSyntax): Data | undefined {
    if (!node.data) return undefined;
    const reading = readData(node.data.yaml);
    if ('data' in reading) return reading.data;
    this.#report(
      node.data.span,
      'settings as in @{ name: value }',
      `These settings cannot be read: ${reading.problem}.`,
    );
    return undefined;
  }
}

/** A link of blanks is none, and takes the one before away. */
function setLink(vertex: Vertex, link: string, target: string | undefined): void {
  delete vertex.link;
  delete vertex.linkTarget;
  if (link !== '') vertex.link = link;
  if (target !== undefined) vertex.linkTarget = target;
}
