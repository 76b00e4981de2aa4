import type { Span } from './span.ts';

/** How a label is to be read: plain, quoted, or quoted Markdown. */
export type LabelType = 'text' | 'string' | 'markdown';

/** A label as written between its brackets, bars or arrows; `span` covers what stands between them, quotes included. */
export interface LabelSyntax {
  /** Trimmed, entities in Mermaid's encoded form (`#35;` is `ﬂ°°35¶ß`). */
  readonly text: string;
  readonly type: LabelType;
  readonly span: Span;
}

/** A word of the chart and where it stands. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** `@{ … }`: the YAML between the braces, newlines inside quotes already `<br/>` as Mermaid reads them. */
export interface DataSyntax {
  readonly yaml: string;
  readonly span: Span;
}

/** One mention of a vertex (or, for `e1@{…}`, of an edge or subgraph). */
export interface NodeSyntax {
  readonly id: Word;
  readonly span: Span;
  readonly shape?: string;
  readonly label?: LabelSyntax;
  readonly props?: Readonly<Record<string, string>>;
  readonly classes: readonly Word[];
  readonly data?: DataSyntax;
}

/** One arrow of a chain. `type` and `stroke` are Mermaid's names; `length` is absent when its two ends do not fit. */
export interface LinkSyntax {
  readonly span: Span;
  readonly id?: Word;
  readonly type: string;
  readonly stroke: string;
  readonly length?: number;
  readonly label?: LabelSyntax;
}

/** `A & B --> C --> D`: groups of nodes with one link fewer between them. */
export interface ChainStatement {
  readonly kind: 'chain';
  readonly span: Span;
  readonly groups: readonly (readonly NodeSyntax[])[];
  readonly links: readonly LinkSyntax[];
}

export interface SubgraphStatement {
  readonly kind: 'subgraph';
  readonly span: Span;
  /** The line that opens it. */
  readonly head: Span;
  /** Absent when only a title of several words is given: Mermaid then numbers it. */
  readonly id?: Word;
  readonly title: LabelSyntax;
  readonly body: readonly Statement[];
  /** Before which statement of the body the first semicolon stands that ends none: to Mermaid it is a member, `;`. */
  readonly loose?: number;
  /** The closing `end`; absent when it is missing. */
  readonly tail?: Span;
}

export interface StyleStatement {
  readonly kind: 'style' | 'classDef';
  readonly span: Span;
  readonly ids: Word;
  readonly styles: readonly string[];
}

export interface ClassStatement {
  readonly kind: 'class';
  readonly span: Span;
  readonly ids: Word;
  readonly className: Word;
}

export interface LinkStyleStatement {
  readonly kind: 'linkStyle';
  readonly span: Span;
  readonly targets: readonly ('default' | number)[];
  readonly interpolate?: string;
  readonly styles?: readonly string[];
}

export interface ClickStatement {
  readonly kind: 'click';
  readonly span: Span;
  readonly ids: Word;
  readonly link?: string;
  readonly linkTarget?: string;
  readonly callback?: string;
  readonly callbackArguments?: string;
  readonly tooltip?: string;
}

/** `direction LR`, and the accessible title and description. */
export interface NoteStatement {
  readonly kind: 'direction' | 'accTitle' | 'accDescr';
  readonly span: Span;
  readonly value: string;
}

/** A line that could not be read; it is kept, and a diagnostic says why. */
export interface OpaqueStatement {
  readonly kind: 'opaque';
  readonly span: Span;
}

export type Statement =
  | ChainStatement
  | SubgraphStatement
  | StyleStatement
  | ClassStatement
  | LinkStyleStatement
  | ClickStatement
  | NoteStatement
  | OpaqueStatement;

/** The YAML block before the chart. `value` is what it says, with maps as `Map` so that no key can be mistaken. */
export interface Frontmatter {
  readonly span: Span;
  /** The YAML itself, without the dashes. */
  readonly body: Span;
  readonly value: ReadonlyMap<unknown, unknown>;
}

/** `flowchart LR` */
export interface ChartHeader {
  readonly span: Span;
  readonly keyword: string;
  /** TB, BT, LR, RL or BR. */
  readonly direction: string;
}

/** Everything the text of a chart says before its meaning is put together. */
export interface ChartSyntax {
  readonly header?: ChartHeader;
  readonly statements: readonly Statement[];
}
