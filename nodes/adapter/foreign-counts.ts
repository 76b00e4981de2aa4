import type { Look } from './look.ts';

/** What went through a node that is not ours. */
export interface ForeignCounts {
  received: number;
  errors: number;
  /** Messages that left, by output. */
  readonly sent: number[];
  /** Only while somebody looks. */
  look: Look | undefined;
}

/** The counts of each node that is counted: whoever takes a message past it counts it here. */
export const foreignCounts = new WeakMap<object, ForeignCounts>();
