import type { Branch } from './branch.ts';
import type { Policy } from './policy.ts';

/** Failures of the last one or two of these count. */
const RECENT_MS = 15_000;
/** A branch up for this long is forgiven all its earlier downs. */
const FORGIVE_MS = 60_000;
/** A branch that flaps is watched this long at most (unless the policy says more). */
const LONGEST_RECOVERY_MS = 60_000;

interface Counts {
  readonly at: number;
  readonly sent: number;
  readonly failed: number;
}

interface Past {
  up: boolean;
  upSince: number;
  downs: number;
  older: Counts;
  newer: Counts;
  carried: number;
  carriedAt: number;
}

/** What one message finds: the branches with their recent figures, and those not to be trusted yet. */
export interface Seen {
  readonly branches: readonly Branch[];
  readonly justBack: ReadonlySet<string>;
}

/** Remembers what readings, which count from their start, do not show: when a branch came up, and what is recent. */
export interface BranchMemory {
  see(branches: readonly Branch[], policy: Policy): Seen;
  /** For how long the branch has carried nothing, in ms. */
  idleMs(label: string): number;
}

/** `now` is a clock in ms that never goes back. */
export function createBranchMemory(now: () => number): BranchMemory {
  const pasts = new Map<string, Past>();

  return {
    see(branches, policy) {
      const justBack = new Set<string>();
      const at = now();
      const seen = branches.map((branch) => {
        const { label, reading } = branch;
        if (reading === undefined) return branch;
        const past = pasts.get(label) ?? newPast(at, reading);
        pasts.set(label, past);
        noteState(past, reading.state === 'up', at);
        noteCounts(past, reading, at);
        if (past.up && at - past.upSince < recoveryMs(past, policy)) justBack.add(label);
        return {
          ...branch,
          recent: { sent: reading.sent - past.older.sent, failed: reading.failed - past.older.failed },
        };
      });
      for (const label of pasts.keys()) if (!branches.some((branch) => branch.label === label)) pasts.delete(label);
      return { branches: seen, justBack };
    },
    idleMs(label) {
      const past = pasts.get(label);
      return past === undefined ? 0 : now() - past.carriedAt;
    },
  };
}

type Reading = NonNullable<Branch['reading']>;

function newPast(at: number, reading: Reading): Past {
  const none = { at, sent: 0, failed: 0 };
  // A branch that is up when first seen is trusted at once.
  return {
    up: reading.state === 'up',
    upSince: -Infinity,
    downs: 0,
    older: none,
    newer: none,
    carried: 0,
    carriedAt: at,
  };
}

function noteState(past: Past, up: boolean, at: number): void {
  if (past.up && !up) past.downs = (at - past.upSince >= FORGIVE_MS ? 0 : past.downs) + 1;
  if (!past.up && up) past.upSince = at;
  past.up = up;
}

function noteCounts(past: Past, { sent, failed, received }: Reading, at: number): void {
  if (sent < past.newer.sent || failed < past.newer.failed) {
    // The link was made anew and counts from 0.
    past.older = { at, sent: 0, failed: 0 };
    past.newer = past.older;
  }
  // Without new sends the old failures stand: only a probe can clear a branch nobody uses.
  if (at - past.newer.at >= RECENT_MS && sent !== past.newer.sent) {
    past.older = past.newer;
    past.newer = { at, sent, failed };
  }
  if (sent + received !== past.carried) {
    past.carried = sent + received;
    past.carriedAt = at;
  }
}

function recoveryMs({ downs }: Past, { recoverMs }: Policy): number {
  if (downs === 0) return 0;
  return Math.min(recoverMs * 2 ** (downs - 1), Math.max(recoverMs, LONGEST_RECOVERY_MS));
}
