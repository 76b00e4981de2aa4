import type { DeviceProfile } from '../devices/device-profile.ts';
import type { Branch } from './branch.ts';
import { withoutAddresses } from '../without-addresses.ts';
import { criteria, type Criterion, type Judgement } from './judge.ts';

/** Longest reason: what a node's status shows without being cut. */
export const LONGEST_REASON = 60;
const LONGEST_LABEL = 16;

export interface Judged {
  readonly branch: Branch;
  readonly judgement: Judgement;
}

/** Why this one is better than the next: by what made the greatest difference. */
export function whyBest(device: DeviceProfile, best: Judged, next: Judged | undefined): string {
  const label = labelOf(best.branch);
  if (next === undefined) return cut(`${label}: the only one it can use`);
  const other = labelOf(next.branch);
  const gain = (criterion: Criterion) => best.judgement.parts[criterion] - next.judgement.parts[criterion];
  const [main] = [...criteria].sort((a, b) => gain(b) - gain(a));
  if (main === undefined) return label;
  const biasGain = biasIn(best) - biasIn(next);
  if (biasGain > Math.max(gain(main), BIAS_NOISE)) return cut(`${label}: preferred by the policy`);
  // Where nothing decides, the figures of the winner say more than the hair's breadth.
  return cut(`${label}: ${sentence(gain(main) < DECISIVE ? 'latency' : main, device, best, next, other)}`);
}

/** `HTTP down (connection refused), using MQTT`; the cause gives way when it gets too long. */
export function whyNotDown(down: Branch, used: Branch): string {
  const cause = causeOf(down);
  const rest = `, using ${labelOf(used)}`;
  if (cause === undefined) return cut(`${labelOf(down)} down${rest}`);
  const head = `${labelOf(down)} down (`;
  return `${head}${cut(cause, LONGEST_REASON - head.length - rest.length - 1)})${rest}`;
}

/** Why there is nowhere to send to. */
export function whyNone(spoken: readonly Branch[], device: DeviceProfile): string {
  const [only] = spoken;
  if (only === undefined) return cut(`no branch for ${device.protocols.join(', ')}`);
  const cause = causeOf(only);
  if (spoken.length === 1 && cause !== undefined) return cut(`${labelOf(only)} down (${cause})`);
  return cut(`${spoken.map(labelOf).join(', ')} down`);
}

export function labelOf({ label }: Branch): string {
  return cut(label, LONGEST_LABEL);
}

export function cut(text: string, longest = LONGEST_REASON): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** 1.2, 15, 1500: two figures are enough to compare. */
export function figure(value: number): string {
  return String(value >= 10 ? Math.round(value) : Number(value.toPrecision(2)));
}

/** What is left of a score without its criteria; sums of fractions do not come out even. */
function biasIn({ judgement: { score, parts } }: Judged): number {
  return criteria.reduce((rest, criterion) => rest - parts[criterion], score);
}
const BIAS_NOISE = 1e-9;
/** Scores lie between 0 and 1. */
const DECISIVE = 0.008;

function sentence(main: Criterion, device: DeviceProfile, best: Judged, next: Judged, other: string): string {
  switch (main) {
    case 'latency': {
      const { ms, measured } = best.judgement.latency;
      return `needs ${figure(device.latencyNeedMs)} ms, ${measured ? 'measured' : 'expected'} ${figure(ms)} ms`;
    }
    case 'loss':
      return `${percent(best.judgement.failRatio)} fail, ${other} ${percent(next.judgement.failRatio)}`;
    case 'link':
      return `copes best with the ${device.link.quality} link`;
    case 'overhead':
      return `${best.branch.traits.overheadBytes} bytes overhead, ${other} ${next.branch.traits.overheadBytes}`;
    case 'battery':
      return 'spares the battery';
    case 'push':
      return device.wantsPush ? 'pushes to the device, in order' : 'a report needs no session';
  }
}

function percent(ratio: number): string {
  return `${figure(ratio * 100)} %`;
}

/** System errors in words; anything else as its link says it. */
const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'unknown host',
  ETIMEDOUT: 'timed out',
};

function causeOf({ reading }: Branch): string | undefined {
  if (reading === undefined) return undefined;
  const { cause, state } = reading;
  if (cause === undefined || cause === '') return state;
  const code = Object.keys(causes).find((code) => cause.includes(code));
  return code === undefined ? withoutAddresses(cause).replace(/\s+/g, ' ') : causes[code];
}
