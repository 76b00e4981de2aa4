import type { Subgraph } from '../parse/model.ts';
import type { ChartDiagnostic } from '../parse/span.ts';
import type { Carrier } from './carriers.ts';
import type { Entry } from './entry.ts';
import type { Arrow } from './graph.ts';
import type { SubflowPorts } from './subflows.ts';

/** One output of a node and the boxes it leads to. */
export interface Output {
  readonly label: string;
  readonly targets: readonly string[];
}

/** What a box of the chart becomes. */
export interface Step {
  readonly chartId: string;
  /** Null when the node has no name at all. */
  readonly name: string | null;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Output[];
  readonly carrier: Carrier;
  /** A sentence a person can check. */
  readonly why: string;
  /** Where the frontmatter wants it (`at: [x, y]`). */
  readonly at?: readonly [x: number, y: number];
  /** True when an arrow's label says from which output it leaves. */
  readonly labelled: boolean;
  /** What else the flow block says of it. */
  readonly entry?: Entry;
  /** Settings that hold ids of nodes, by the ids of the chart. */
  readonly refers?: Readonly<Record<string, string | readonly string[]>>;
  /** The box whose `link` to another chart it is. */
  readonly linkOf?: string;
  /** No arrow stands for it: it is there unless the flow block says `as: none` of it. */
  readonly isImplied?: true;
  /** The id of the arrow it stands for, when it stands for one. */
  readonly edge?: string;
  /** The loop guards that are to know its messages as such that have been there. */
  readonly marks?: readonly string[];
  /** It stands for an arrow of the chart, and for no box. */
  readonly isArrow: boolean;
}

/** What a chart becomes before it has places. */
export interface ChartProfile {
  readonly steps: readonly Step[];
  readonly groups: readonly Subgraph[];
  readonly parentOf: ReadonlyMap<string, string>;
  readonly arrows: readonly Arrow[];
  /** The whole `flow:` block, in its order. */
  readonly block: ReadonlyMap<string, Entry>;
  /** What comes into the subflows and leaves them. */
  readonly subflows: ReadonlyMap<string, SubflowPorts>;
  /** The edge hosts, by the subgraphs that stand for them. */
  readonly hosts: ReadonlyMap<string, string>;
  readonly diagnostics: readonly ChartDiagnostic[];
}
