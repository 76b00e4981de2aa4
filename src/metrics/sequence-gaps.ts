/** One arrival, numbered by its sender. */
export interface Arrival {
  readonly device: string;
  readonly sequence: number;
  /** A new one means that the device counts anew. */
  readonly session?: string;
  readonly branch: string;
  /** In ms, by a clock that never goes back. */
  readonly at: number;
}

export interface GapLimits {
  /** Gaps older than this are forgotten, in ms. */
  readonly windowMs: number;
  /** Devices followed; the one silent for longest goes first. Default 10,000. */
  readonly maxDevices?: number;
  /** Gaps kept per device; the oldest goes first. Default 32. */
  readonly maxGaps?: number;
}

/**
 * Finds lost messages by the gaps in each device's numbers, over all branches together: a device changes its branch,
 * its numbers go on. A late arrival closes its gap again. What a device sent last cannot be missed.
 */
export interface SequenceGaps {
  take(arrival: Arrival): void;
  /** Messages missing per branch, of the gaps found between the two moments, both counted in. */
  lost(fromMs: number, toMs: number): Map<string, number>;
}

/** A jump by more is no loss but a device that counts otherwise: by time, or anew. */
const LARGEST_GAP = 10_000;

/** Numbers that did not come, one after the other. */
interface Gap {
  readonly from: number;
  readonly to: number;
  /** The branch that carried the message before: most likely the one that lost these. */
  readonly branch: string;
  readonly at: number;
  readonly run: number;
}

interface Device {
  session: string | undefined;
  /** How often it began to count. */
  run: number;
  highest: number;
  /** The branch that carried the highest. */
  branch: string;
  gaps: Gap[];
}

export function createSequenceGaps({ windowMs, maxDevices = 10_000, maxGaps = 32 }: GapLimits): SequenceGaps {
  const devices = new Map<string, Device>();

  return {
    take(arrival) {
      const { device: id, sequence, session, branch, at } = arrival;
      if (!Number.isSafeInteger(sequence)) return;
      const device = devices.get(id) ?? { session, run: 0, highest: sequence, branch, gaps: [] };
      devices.delete(id);
      devices.set(id, device);
      note(device, arrival);
      if (device.gaps.length > 0) device.gaps = device.gaps.filter((gap) => gap.at >= at - windowMs).slice(-maxGaps);
      if (devices.size <= maxDevices) return;
      const [silent] = devices.keys();
      if (silent !== undefined) devices.delete(silent);
    },
    lost(fromMs, toMs) {
      const lost = new Map<string, number>();
      for (const { gaps } of devices.values()) {
        for (const { from, to, branch, at } of gaps) {
          if (at >= fromMs && at <= toMs) lost.set(branch, (lost.get(branch) ?? 0) + to - from + 1);
        }
      }
      return lost;
    },
  };
}

function note(device: Device, { sequence, session, branch, at }: Arrival): void {
  const jump = sequence - device.highest;
  if (device.session !== session || Math.abs(jump) > LARGEST_GAP) {
    device.session = session;
    device.run += 1;
  } else if (jump <= 0) {
    device.gaps = device.gaps.flatMap((gap) => without(gap, sequence, device.run));
    return;
  } else if (jump > 1) {
    device.gaps.push({ from: device.highest + 1, to: sequence - 1, branch: device.branch, at, run: device.run });
  }
  device.highest = sequence;
  device.branch = branch;
}

/** What is left of a gap when one of its numbers came after all. */
function without(gap: Gap, sequence: number, run: number): Gap[] {
  if (gap.run !== run || sequence < gap.from || sequence > gap.to) return [gap];
  const before = { ...gap, to: sequence - 1 };
  const after = { ...gap, from: sequence + 1 };
  return [before, after].filter(({ from, to }) => from <= to);
}
