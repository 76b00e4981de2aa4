import type { Versions } from '../manifest.ts';

/** What the supervisor asks of the runner, over IPC. Each is answered by an event with the same id. */
export type RunnerRequest =
  /** Could these flows start here? Touches nothing that runs. Answered by a verdict. */
  | { readonly kind: 'check'; readonly id: number; readonly flows: string }
  /** Runs these flows instead of what runs now, and watches them for `soakMs`. Answered by a verdict. */
  | { readonly kind: 'run'; readonly id: number; readonly flows: string; readonly soakMs: number }
  /** Which revision does the live runtime run? */
  | { readonly kind: 'running'; readonly id: number };

export type RunnerEvent =
  | { readonly kind: 'ready'; readonly versions: Versions }
  /** `problem` says why the flows cannot run, or do not run well. */
  | { readonly kind: 'verdict'; readonly id: number; readonly problem?: string }
  | { readonly kind: 'running'; readonly id: number; readonly revision: string | null }
  | { readonly kind: 'log'; readonly level: 'error' | 'warn'; readonly text: string }
  /** The last words of a runner that ends because a node threw where nobody catches. */
  | { readonly kind: 'crash'; readonly reason: string };
