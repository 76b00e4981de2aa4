import type { ProtocolName } from '../endpoint/traits.ts';
import type { MeterReading } from '../metrics/meter.ts';

/** The readings of all branches at one moment. */
export interface Snapshot {
  /** In ms, by any one clock. */
  readonly at: number;
  readonly readings: readonly MeterReading[];
}

/** What changes are judged by. Less is better for all but `messages`. */
export interface Figures {
  /** Sent. */
  readonly messages: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Share of sends that failed, 0 to 1. */
  readonly lossRatio: number;
  readonly bytesPerMessage: number;
}

export const measures = ['p50Ms', 'p99Ms', 'lossRatio', 'bytesPerMessage'] as const;
export type Measure = (typeof measures)[number];

export interface BranchFigures extends Figures {
  readonly id: string;
  readonly protocol: ProtocolName;
}

/** What happened between the first and the last of some snapshots. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly branches: readonly BranchFigures[];
  /** All branches together: each latency is their mean by messages. */
  readonly all: Figures;
}

/** Sums up snapshots in the order of their time; fewer than two hold no window. A reading that falls began again at 0. */
export function windowOf(snapshots: readonly Snapshot[]): Window | undefined {
  const [first] = snapshots;
  const last = snapshots.at(-1);
  if (first === undefined || last === undefined || first === last) return undefined;
  const sums = new Map<string, Sum>();
  let before = readingsById(first);
  for (const snapshot of snapshots.slice(1)) {
    const now = readingsById(snapshot);
    for (const [id, reading] of now) {
      const sum = sums.get(id) ?? { ...nothing, id, protocol: reading.protocol };
      sums.set(id, plus(sum, step(before.get(id), reading)));
    }
    before = now;
  }
  const branches = [...sums.values()].map((sum) => ({ id: sum.id, protocol: sum.protocol, ...figuresOf(sum) }));
  const all = [...sums.values()].reduce<Amounts>(plus, nothing);
  return { fromMs: first.at, toMs: last.at, branches, all: figuresOf(all) };
}

interface Amounts {
  readonly sent: number;
  readonly failed: number;
  readonly bytes: number;
  /** Messages whose latency is known, and the sums of the percentiles they count for. */
  readonly timed: number;
  readonly p50Sum: number;
  readonly p99Sum: number;
}

type Sum = Amounts & { readonly id: string; readonly protocol: ProtocolName };

const nothing: Amounts = { sent: 0, failed: 0, bytes: 0, timed: 0, p50Sum: 0, p99Sum: 0 };

function readingsById({ readings }: Snapshot): Map<string, MeterReading> {
  return new Map(readings.map((reading) => [reading.id, reading]));
}

function step(before: MeterReading | undefined, reading: MeterReading): Amounts {
  const startedAnew = before === undefined || reading.sent < before.sent || reading.received < before.received;
  const from = startedAnew ? { sent: 0, received: 0, failed: 0, bytes: 0 } : before;
  const sent = reading.sent - from.sent;
  const received = reading.received - from.received;
  // Where receipts are not counted the round trip stands for the latency.
  const [timed, p50, p99] =
    received > 0
      ? [received, reading.latencyP50Ms, reading.latencyP99Ms]
      : [reading.received === 0 && reading.roundTripMs > 0 ? sent : 0, reading.roundTripMs, reading.roundTripMs];
  return {
    sent,
    failed: reading.failed - from.failed,
    bytes: reading.bytes - from.bytes,
    timed,
    p50Sum: p50 * timed,
    p99Sum: p99 * timed,
  };
}

function plus<Into extends Amounts>(into: Into, more: Amounts): Into {
  return {
    ...into,
    sent: into.sent + more.sent,
    failed: into.failed + more.failed,
    bytes: into.bytes + more.bytes,
    timed: into.timed + more.timed,
    p50Sum: into.p50Sum + more.p50Sum,
    p99Sum: into.p99Sum + more.p99Sum,
  };
}

function figuresOf({ sent, failed, bytes, timed, p50Sum, p99Sum }: Amounts): Figures {
  return {
    messages: sent,
    p50Ms: timed === 0 ? 0 : p50Sum / timed,
    p99Ms: timed === 0 ? 0 : p99Sum / timed,
    // A send may fail in a later window than it was begun in.
    lossRatio: sent === 0 ? 0 : Math.min(1, failed / sent),
    bytesPerMessage: sent === 0 ? 0 : bytes / sent,
  };
}
