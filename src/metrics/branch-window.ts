import { createLatencyHistogram, type LatencyHistogram } from './latency-histogram.ts';
import { createSequenceGaps, type GapLimits } from './sequence-gaps.ts';

/** One message that arrived. */
export interface Sample {
  /** The way it came, as on the chart: `MQTT`. */
  readonly branch: string;
  readonly bytes: number;
  /** One way, in ms; absent when it is not known. */
  readonly latencyMs?: number;
  /** With `sequence`: loss is counted. */
  readonly device?: string;
  readonly sequence?: number;
  readonly session?: string;
}

/** Figures of one branch over the window. */
export interface BranchReading {
  readonly branch: string;
  readonly messages: number;
  readonly perSecond: number;
  readonly bytesPerSecond: number;
  /** To 1.1 %; 0 when no latency is known. */
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
  /** Messages missing by their sequence numbers; falls again when they come late. */
  readonly lost: number;
  /** Of all that should have come, 0 to 1. */
  readonly lossRatio: number;
}

export interface BranchWindowSettings extends Partial<GapLimits> {
  /** Length of the window, in ms. Default 10,000. */
  readonly windowMs?: number;
  /** Branches followed; the one silent for longest goes first. Default 64. */
  readonly maxBranches?: number;
  /** A message missing for no longer than this may still be on a slower branch, in ms. Default 1,000. */
  readonly graceMs?: number;
  /** A clock in ms that never goes back. */
  readonly now?: () => number;
}

/** What each branch carried during the last while (`windowMs`, default 10,000). Memory is bounded, whatever arrives. */
export interface BranchWindow {
  take(sample: Sample): void;
  /** In the order in which the branches first appeared. */
  read(): BranchReading[];
}

/** Slices of the window: the oldest leaves as a whole, so a reading spans up to a tenth more than the window. */
const SLICES = 10;

interface Slice {
  /** Number of the slice since the clock's start; tells whether it still belongs to the window. */
  number: number;
  messages: number;
  bytes: number;
  readonly latencies: LatencyHistogram;
}

interface Track {
  readonly slices: Slice[];
  lastAt: number;
}

export function createBranchWindow(settings: BranchWindowSettings = {}): BranchWindow {
  const { windowMs = 10_000, maxBranches = 64, graceMs = 1_000, now = () => performance.now() } = settings;
  const sliceMs = windowMs / SLICES;
  const startedAt = now();
  const tracks = new Map<string, Track>();
  const gaps = createSequenceGaps({ ...settings, windowMs: windowMs + graceMs });

  function trackOf(branch: string): Track {
    const known = tracks.get(branch);
    if (known !== undefined) return known;
    if (tracks.size >= maxBranches) {
      const [silent] = [...tracks].sort(([, a], [, b]) => a.lastAt - b.lastAt);
      if (silent !== undefined) tracks.delete(silent[0]);
    }
    const track: Track = { slices: [], lastAt: 0 };
    tracks.set(branch, track);
    return track;
  }

  function read(branch: string, { slices }: Track, at: number, lost: number): BranchReading {
    const newest = Math.floor(at / sliceMs);
    const inWindow = slices.filter(({ number }) => number >= newest - SLICES);
    const latencies = createLatencyHistogram();
    for (const slice of inWindow) latencies.add(slice.latencies);
    const messages = inWindow.reduce((sum, slice) => sum + slice.messages, 0);
    const bytes = inWindow.reduce((sum, slice) => sum + slice.bytes, 0);
    const spanMs = at - Math.max(startedAt, (newest - SLICES) * sliceMs);
    // In the first slice a rate would be a guess from very little.
    const seconds = Math.max(sliceMs, spanMs) / 1000;
    return {
      branch,
      messages,
      perSecond: messages / seconds,
      bytesPerSecond: bytes / seconds,
      latencyP50Ms: latencies.percentile(50),
      latencyP99Ms: latencies.percentile(99),
      lost,
      lossRatio: lost === 0 ? 0 : lost / (messages + lost),
    };
  }

  return {
    take({ branch, bytes, latencyMs, device, sequence, session }) {
      const at = now();
      const track = trackOf(branch);
      track.lastAt = at;
      const slice = sliceAt(track.slices, Math.floor(at / sliceMs));
      slice.messages += 1;
      slice.bytes += bytes;
      if (latencyMs !== undefined) slice.latencies.record(latencyMs);
      if (device === undefined || sequence === undefined) return;
      gaps.take({ device, sequence, branch, at, ...(session === undefined ? {} : { session }) });
    },
    read() {
      const at = now();
      const lost = gaps.lost(at - graceMs - windowMs, at - graceMs);
      return [...tracks].map(([branch, track]) => read(branch, track, at, lost.get(branch) ?? 0));
    },
  };
}

/** The slice for now: the one in use, the oldest used again, or a new one while there are few. */
function sliceAt(slices: Slice[], number: number): Slice {
  const newest = slices.at(-1);
  if (newest?.number === number) return newest;
  const reused = slices.length > SLICES ? slices.shift() : undefined;
  reused?.latencies.reset();
  const slice = reused ?? { number, messages: 0, bytes: 0, latencies: createLatencyHistogram() };
  slices.push(Object.assign(slice, { number, messages: 0, bytes: 0 }));
  return slice;
}
