import type { DeviceProfile } from '../devices/device-profile.ts';
import type { Branch } from './branch.ts';
import { biasOf, type Policy } from './policy.ts';

export const criteria = ['latency', 'loss', 'link', 'overhead', 'battery', 'push'] as const;
export type Criterion = (typeof criteria)[number];

/** What one branch is worth to one device. */
export interface Judgement {
  /** 0 (useless) to 1 (perfect), and the bias of the policy on top. */
  readonly score: number;
  /** What each criterion adds to the score. */
  readonly parts: Readonly<Record<Criterion, number>>;
  readonly latency: Latency;
  /** Share of sends that failed lately. */
  readonly failRatio: number;
}

export interface Latency {
  readonly ms: number;
  /** False: estimated from the protocol's traits and the device's link. */
  readonly measured: boolean;
}

/** Judges a branch for a device, whether the branch is up or not. */
export function judge(device: DeviceProfile, branch: Branch, policy: Policy): Judgement {
  const latency = latencyOf(device, branch, policy);
  const failRatio = failRatioOf(branch, policy);
  const values: Record<Criterion, number> = {
    latency: latencyValue(latency.ms, device.latencyNeedMs),
    // One failure in ten is as bad as it gets.
    loss: 1 - Math.min(1, failRatio / 0.1),
    link: linkValue(device, branch),
    overhead: overheadValue(device, branch),
    battery: batteryValue(device, branch),
    push: pushValue(device, branch),
  };
  const weightOf = (criterion: Criterion) => policy[`${criterion}Weight`];
  const whole = criteria.reduce((sum, criterion) => sum + weightOf(criterion), 0);
  const parts = { ...values };
  for (const criterion of criteria)
    parts[criterion] = whole === 0 ? 0 : (values[criterion] * weightOf(criterion)) / whole;
  const score = criteria.reduce((sum, criterion) => sum + parts[criterion], policy[biasOf[branch.protocol]]);
  return { score, parts, latency, failRatio };
}

/** p99 one way; for a link whose receipts nobody counts here, or not lately, the round trip, which is hardly ever less. */
function latencyOf({ link }: DeviceProfile, { traits, reading }: Branch, { minSamples }: Policy): Latency {
  if (reading !== undefined && reading.received >= minSamples && reading.latencyP99Ms > 0)
    return { ms: reading.latencyP99Ms, measured: true };
  if (reading !== undefined && reading.roundTripMs > 0 && reading.sent - reading.failed >= minSamples) {
    return { ms: reading.roundTripMs, measured: true };
  }
  // Through a broker there are two ways; without push the far side only speaks when asked.
  const ways = 1 + Number(traits.offlineQueue) + Number(!traits.push);
  return { ms: (ways * link.roundTripMs) / 2, measured: false };
}

function failRatioOf({ reading }: Branch, { minSamples }: Policy): number {
  if (reading === undefined) return 0;
  const { sent, failed } = reading.recent;
  // The first failure of all is no proof yet; some fail later than the span they were sent in.
  return Math.min(1, failed / Math.max(sent, minSamples));
}

/** Half when it just takes what is needed; a need that is missed counts half of that again. */
function latencyValue(ms: number, needMs: number): number {
  const value = needMs / (needMs + ms);
  return ms > needMs ? value / 2 : value;
}

/** 1 on a perfect link; on a bad one, at worst from 5 % loss on, by how well the protocol copes with loss and reconnecting. */
function linkValue({ link }: DeviceProfile, { traits }: Branch): number {
  const badness = Math.min(1, link.lossRatio * 20);
  const coping =
    0.5 * Number(traits.offlineQueue) + 0.3 * Number(traits.acknowledged) + 0.2 / Math.max(1, traits.setupRoundTrips);
  return 1 - badness * (1 - coping);
}

/** Half when what is sent beside the payload keeps the device's link busy for 10 ms, or a constrained device for 100 bytes. */
function overheadValue({ link, capability }: DeviceProfile, { traits }: Branch): number {
  const busyMs = (traits.overheadBytes * 8) / link.bandwidthKbps;
  const effort = capability.class === 'constrained' ? traits.overheadBytes / 100 : 0;
  return 1 / (1 + busyMs / 10 + effort);
}

/** A round trip of setting up costs about as much radio time as 40 bytes. */
function batteryValue({ powerSource }: DeviceProfile, { traits }: Branch): number {
  return powerSource === 'mains' ? 1 : 200 / (200 + traits.overheadBytes + 40 * traits.setupRoundTrips);
}

/** Orders must not overtake each other. Who only reports needs no session beyond TLS, which takes two round trips. */
function pushValue({ wantsPush }: DeviceProfile, { traits }: Branch): number {
  if (wantsPush) return traits.push ? (traits.ordered ? 1 : 0.5) : 0;
  return traits.setupRoundTrips <= 2 ? 1 : 0.8;
}
