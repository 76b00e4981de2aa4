import type { Span } from './span.ts';
import type { LabelType } from './syntax.ts';

/** A box. Field names and values are those of Mermaid's own flowchart database; label texts are encoded as Mermaid does. */
export interface Vertex {
  readonly id: string;
  text: string;
  labelType: LabelType;
  type?: string;
  readonly styles: string[];
  readonly classes: string[];
  readonly props: Record<string, string>;
  link?: string;
  linkTarget?: string;
  haveCallback?: boolean;
  icon?: string;
  form?: string;
  pos?: string;
  img?: string;
  constraint?: string;
  assetWidth?: number;
  assetHeight?: number;
  /** Everything any `@{ … }` of this vertex says, unknown names included. */
  data?: ReadonlyMap<string, unknown>;
  /** Where the chart mentions it first. */
  readonly span: Span;
}

/** An arrow from one vertex (or subgraph) to another. */
export interface Edge {
  readonly start: string;
  readonly end: string;
  readonly id: string;
  readonly isUserDefinedId: boolean;
  readonly type: string;
  readonly stroke: string;
  readonly length?: number;
  readonly text: string;
  readonly labelType: LabelType;
  readonly classes: string[];
  interpolate?: string;
  style?: string[];
  animate?: unknown;
  animation?: unknown;
  /** When the arrow is drawn, in an animation that goes step by step. */
  step?: number;
  data?: ReadonlyMap<string, unknown>;
  /** The arrow itself. */
  readonly span: Span;
}

export interface Subgraph {
  readonly id: string;
  title: string;
  labelType: LabelType;
  /** Ids of the vertices and subgraphs in it, the last mentioned first, as Mermaid lists them. */
  readonly nodes: string[];
  readonly classes: string[];
  dir?: string;
  data?: ReadonlyMap<string, unknown>;
  readonly span: Span;
}

export interface ClassDefinition {
  readonly id: string;
  readonly styles: string[];
  readonly textStyles: string[];
}

/** What the chart means. Maps, so that no id (`__proto__`) can be taken for something else. */
export interface ChartModel {
  direction: string;
  title?: string;
  accTitle?: string;
  accDescr?: string;
  defaultInterpolate?: string;
  defaultStyle?: readonly string[];
  readonly vertices: Map<string, Vertex>;
  readonly edges: Edge[];
  readonly subgraphs: Subgraph[];
  readonly classes: Map<string, ClassDefinition>;
  readonly tooltips: Map<string, string>;
}
