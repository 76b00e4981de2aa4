/** What one box of the chart becomes. */
export interface ExplainedBox {
  readonly chartId: string;
  readonly nodeId: string;
  readonly type: string;
  readonly why: string;
}

/** What is wrong with the chart, or doubtful. */
export interface Diagnostic {
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** A node, group, config node or tab as the flow file holds it. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly z?: string;
  readonly name?: string;
  readonly [property: string]: unknown;
}

/** What the runtime says to a chart: the flow it becomes, or what is wrong with it. */
export type Answer =
  | {
      readonly kind: 'flow';
      readonly flow: readonly FlowNode[];
      readonly boxes: readonly ExplainedBox[];
      readonly arrows: number;
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly kind: 'wrong'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'failed'; readonly reason: string };
