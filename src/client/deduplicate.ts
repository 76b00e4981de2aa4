export interface DedupeWindow {
  /** Most ids remembered; the oldest goes first. Default 10,000. */
  readonly count?: number;
  /** Longest time an id is remembered, in ms. Default 600,000. */
  readonly ageMs?: number;
}

/** Remembers ids for a while. Memory is bounded by the window. */
export interface Deduplicator {
  /** True when the id was added and is still in the window. */
  has(id: string): boolean;
  /** Remembers the id from now on; one that is remembered already keeps its age. */
  add(id: string): void;
  readonly size: number;
}

/** `now` is a clock in ms that never goes back. */
export function createDeduplicator(
  { count = 10_000, ageMs = 600_000 }: DedupeWindow = {},
  now: () => number = () => performance.now(),
): Deduplicator {
  // Ids never move, so the order of the map is the order of age.
  const addedAt = new Map<string, number>();

  function forgetOld(): void {
    const oldestKept = now() - ageMs;
    for (const [id, at] of addedAt) {
      if (at > oldestKept && addedAt.size <= count) return;
      addedAt.delete(id);
    }
  }

  return {
    has(id) {
      const at = addedAt.get(id);
      return at !== undefined && at > now() - ageMs;
    },
    add(id) {
      forgetOld();
      if (addedAt.has(id)) return;
      addedAt.set(id, now());
      forgetOld();
    },
    get size() {
      return addedAt.size;
    },
  };
}
