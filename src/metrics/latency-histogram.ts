/** Steps per doubling: a value is known to 1.1 %. */
const STEPS = 32;
/** From 1 microsecond to 2^32 of them (71 minutes). */
const DOUBLINGS = 32;
const MICROSECONDS_PER_MS = 1000;

/** Latencies in 4 KiB, cheap to add up: made for many short windows, where `node:perf_hooks` takes 100 times as much. */
export interface LatencyHistogram {
  record(latencyMs: number): void;
  /** Adds all that the other one holds. */
  add(other: LatencyHistogram): void;
  /** In ms, to 1.1 %; 0 when nothing was recorded. */
  percentile(percent: number): number;
  reset(): void;
  readonly count: number;
  /** How many fell into each step. */
  readonly steps: Uint32Array;
}

export function createLatencyHistogram(): LatencyHistogram {
  const steps = new Uint32Array(STEPS * DOUBLINGS);
  let count = 0;
  return {
    steps,
    get count() {
      return count;
    },
    record(latencyMs) {
      if (Number.isNaN(latencyMs)) return;
      const step = Math.round(Math.log2(Math.max(1, latencyMs * MICROSECONDS_PER_MS)) * STEPS);
      const at = Math.min(steps.length - 1, step);
      steps[at] = (steps[at] ?? 0) + 1;
      count += 1;
    },
    add(other) {
      for (let at = 0; at < steps.length; at += 1) steps[at] = (steps[at] ?? 0) + (other.steps[at] ?? 0);
      count += other.count;
    },
    percentile(percent) {
      if (count === 0) return 0;
      let left = Math.max(1, Math.ceil((count * percent) / 100));
      for (let at = 0; at < steps.length; at += 1) {
        left -= steps[at] ?? 0;
        if (left <= 0) return 2 ** (at / STEPS) / MICROSECONDS_PER_MS;
      }
      return 0;
    },
    reset() {
      steps.fill(0);
      count = 0;
    },
  };
}
