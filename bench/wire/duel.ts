import { performance } from 'node:perf_hooks';

/** Handles one batch and gives how many packets it had. */
export type Side = () => number;

interface Figures {
  /** Nanoseconds a packet takes, medians of all rounds. */
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
  readonly cpuRatio: number;
}

/** Runs both sides in turns for `sliceMs` each; the first round warms up and does not count. */
export function duel(
  sides: { ours: Side; peer: Side },
  { count, sliceMs }: { count: number; sliceMs: number },
): Figures {
  const rounds = Array.from({ length: count + 1 }, () => ({
    ours: slice(sides.ours, sliceMs),
    peer: slice(sides.peer, sliceMs),
  })).slice(1);
  return {
    ours: median(rounds.map(({ ours }) => ours.wallNs)),
    peer: median(rounds.map(({ peer }) => peer.wallNs)),
    ratio: median(rounds.map(({ ours, peer }) => peer.wallNs / ours.wallNs)),
    cpuRatio: median(rounds.map(({ ours, peer }) => peer.cpuNs / ours.cpuNs)),
  };
}

function slice(side: Side, sliceMs: number): { wallNs: number; cpuNs: number } {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let packets = 0;
  while (performance.now() - start < sliceMs) packets += side();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallNs: (wallMs * 1e6) / packets, cpuNs: ((user + system) * 1000) / packets };
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!;
}
