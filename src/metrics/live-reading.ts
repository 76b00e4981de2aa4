/** What one node did in the last second. */
export interface LiveNode {
  /** Messages taken and sent, in a second. */
  readonly in: number;
  readonly out: number;
  readonly errors: number;
  /** Messages it has taken and is not done with; absent where that is not known. */
  readonly queue?: number;
  /** Back-pressure: it takes more than it can finish, its queue has grown for some seconds. */
  readonly held?: true;
}

/** What went over one wire in the last second. */
export interface LiveWire {
  readonly from: string;
  readonly port: number;
  readonly to: string;
  readonly perSecond: number;
  /** From leaving one node until the next was done; of a link, one way to the far side. Absent when nothing is known. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** Share of what left that failed or never arrived, 0 to 1. */
  readonly loss: number;
  readonly bytesPerSecond: number;
}

/** A flow as it ran in the last second. */
export interface LiveReading {
  /** In ms since 1970; 0 while there is none yet. */
  readonly at: number;
  readonly nodes: Readonly<Record<string, LiveNode>>;
  readonly wires: readonly LiveWire[];
}

/** How a wire looks: nothing goes over it, all is well, it takes long, something is lost. */
export type WireTone = 'idle' | 'flowing' | 'slow' | 'lossy';

/** From here on a wire is slow: what a person at a screen calls waiting. */
const SLOW_MS = 1_000;

export function wireTone({ perSecond, p99Ms = 0, loss }: LiveWire): WireTone {
  if (loss > 0) return 'lossy';
  if (perSecond === 0) return 'idle';
  return p99Ms >= SLOW_MS ? 'slow' : 'flowing';
}
