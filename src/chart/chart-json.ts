import type { ChartModel } from './parse/model.ts';

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
    vertices: [...vertices.values()].map(bare),
    edges: edges.map(bare),
    subgraphs: subgraphs.map(bare),
  };
}

const bare = ({ span: _span, data: _data, ...rest }: { span: unknown; data?: unknown }): object => rest;
