import { plainValue, writtenText } from './parse/data.ts';
import type { ChartModel, Edge, Subgraph, Vertex } from './parse/model.ts';

/** A chart's meaning as Mermaid's own database has it, in plain JSON: without places in the text and what only we keep. */
export interface ChartJson {
  readonly direction: string;
  readonly vertices: readonly object[];
  readonly edges: readonly object[];
  readonly subgraphs: readonly object[];
}

export function chartJson({ direction, vertices, edges, subgraphs }: ChartModel): ChartJson {
  return {
    direction,
    vertices: [...vertices.values()].map((vertex) => ({ ...bare(vertex), ...figuresOf(vertex, VERTEX_FIELDS) })),
    edges: edges.map((edge) => ({ ...bare(edge), ...figuresOf(edge, EDGE_FIELDS) })),
    subgraphs: subgraphs.map((subgraph) => ({ ...bare(subgraph), ...metadataOf(subgraph) })),
  };
}

const VERTEX_FIELDS = { text: 'label', icon: 'icon', form: 'form', pos: 'pos', img: 'img', constraint: 'constraint' };
const EDGE_FIELDS = { interpolate: 'curve' };

/** A figure or a list where a text belongs stays one in Mermaid's database; here it is a text. */
function figuresOf(part: Vertex | Edge, fields: Readonly<Record<string, string>>): object {
  const { data } = part;
  if (data === undefined) return {};
  const figures = Object.entries(fields).flatMap(([field, key]): [string, unknown][] => {
    const value = data.get(key);
    const isKept = value !== undefined && writtenText(value) === Reflect.get(part, field);
    return isKept ? [[field, plainValue(value)]] : [];
  });
  return Object.fromEntries(figures);
}

/** What Mermaid writes into subgraphs itself, and takes from nobody. */
const INTERNAL = new Set<unknown>(['laneRole', 'laneIndex', 'drawnExtent']);

/** Mermaid keeps all that is said of a subgraph; of a box or an arrow it keeps what it draws. */
function metadataOf({ data = new Map() }: Subgraph): object {
  const kept = new Map([...data].filter(([key]) => !INTERNAL.has(key)));
  return kept.size === 0 ? {} : { metadata: plainValue(kept) };
}

const bare = ({ span: _span, data: _data, ...rest }: { span: unknown; data?: unknown }): object => rest;
