import type { Branch } from './branch.ts';
import type { Policy } from './policy.ts';

/** A branch up for this long is forgiven all its earlier downs. */
const FORGIVE_MS = 60_000;
/** A branch that flaps is watched this long at most (unless the policy says more). */
const LONGEST_RECOVERY_MS = 60_000;

type Reading = NonNullable<Branch['reading']>;

interface Past {
  up: boolean;
  upSince: number;
  downs: number;
  recent: Reading['recent'];
  carried: number;
  carriedAt: number;
}

/** What one message finds: the branches with what they last proved, and those not to be trusted yet. */
export interface Seen {
  readonly branches: readonly Branch[];
  readonly justBack: ReadonlySet<string>;
}

/** Remembers what readings do not show: when a branch came up, when it last carried, how its last sends went. */
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
        return { ...branch, reading: { ...reading, recent: past.recent } };
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

function newPast(at: number, { state, recent }: Reading): Past {
  // A branch that is up when first seen is trusted at once.
  return { up: state === 'up', upSince: -Infinity, downs: 0, recent, carried: 0, carriedAt: at };
}

function noteState(past: Past, up: boolean, at: number): void {
  if (past.up && !up) past.downs = (at - past.upSince >= FORGIVE_MS ? 0 : past.downs) + 1;
  if (!past.up && up) past.upSince = at;
  past.up = up;
}

function noteCounts(past: Past, { sent, received, recent }: Reading, at: number): void {
  // Silence is no proof of health: the last failures stand until something, a probe perhaps, was sent again.
  if (recent.sent > 0) past.recent = recent;
  if (sent + received !== past.carried) {
    past.carried = sent + received;
    past.carriedAt = at;
  }
}

function recoveryMs({ downs }: Past, { recoverMs }: Policy): number {
  if (downs === 0) return 0;
  return Math.min(recoverMs * 2 ** (downs - 1), Math.max(recoverMs, LONGEST_RECOVERY_MS));
}
