import type { Binding, Conflict } from '../../../../src/chart/index.ts';
import type { FlowNode } from '../answer.ts';
import type { FlowChange } from './compare-flows.ts';

/** How the chart that is written stands to the flow. */
export type SyncState =
  /** This is no tab that could have a chart. */
  | { readonly kind: 'none' }
  | { readonly kind: 'same' }
  | { readonly kind: 'wrong' }
  /** It may be applied, and is in a moment when `soon`. */
  | { readonly kind: 'ready'; readonly change: FlowChange; readonly soon: boolean }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'conflict'; readonly conflicts: readonly Conflict[] };

export interface SyncEvents {
  /** The flow was changed, and with it the chart's text; or another tab is shown. */
  readonly onText: (text: string) => void;
  readonly onState: (state: SyncState) => void;
}

/** A text and the flow that says the same. */
export interface Agreed {
  readonly text: string;
  readonly flow: readonly FlowNode[];
}

export interface Ready {
  readonly text: string;
  readonly after: readonly FlowNode[];
  readonly bindings: readonly Binding[];
}
