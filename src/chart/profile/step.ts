import type { Subgraph } from '../parse/model.ts';
import type { ChartDiagnostic } from '../parse/span.ts';
import type { Carrier } from './carriers.ts';

/** One output of a node and the boxes it leads to. */
export interface Output {
  readonly label: string;
  readonly targets: readonly string[];
}

/** What a box of the chart becomes. */
export interface Step {
  readonly chartId: string;
  readonly name: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Output[];
  readonly carrier: Carrier;
  /** A sentence a person can check. */
  readonly why: string;
  /** Where the frontmatter wants it (`at: [x, y]`). */
  readonly at?: readonly [x: number, y: number];
}

/** What a chart becomes before it has places. */
export interface ChartProfile {
  readonly steps: readonly Step[];
  readonly groups: readonly Subgraph[];
  readonly parentOf: ReadonlyMap<string, string>;
  readonly diagnostics: readonly ChartDiagnostic[];
}
