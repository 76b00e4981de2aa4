import DOMPurify from 'dompurify';
import mermaid from 'mermaid';

// Without a DOM there is nothing to purify, and nothing is shown.
Object.assign(DOMPurify, { addHook: () => {}, sanitize: (text: string) => text });
mermaid.initialize({ securityLevel: 'loose', maxEdges: 1e9, maxTextSize: 1e9, secure: [] });

/** What Mermaid itself reads in a chart, in the form of mermaid-cases.json. Rejects when it refuses the chart. */
export async function mermaidModel(text: string): Promise<MermaidModel> {
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const flow = db as unknown as FlowDb;
  // Where Mermaid draws a box is no part of what the chart means.
  const defined = (value: object): object => JSON.parse(JSON.stringify({ ...value, domId: undefined })) as object;
  return {
    direction: flow.getDirection(),
    vertices: [...flow.getVertices().values()].map(defined),
    edges: flow.getEdges().map(defined),
    subgraphs: flow.getSubGraphs().map(defined),
  };
}

export interface MermaidModel {
  readonly direction: string;
  readonly vertices: readonly object[];
  readonly edges: readonly object[];
  readonly subgraphs: readonly object[];
}

interface FlowDb {
  getDirection(): string;
  getVertices(): Map<string, object>;
  getEdges(): object[];
  getSubGraphs(): object[];
}
