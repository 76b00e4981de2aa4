import type { CaseLine } from '../bench.ts';
import { middle, ratioOf, type Figures, type SideFigures } from './rounds.ts';

export interface Comparison {
  readonly case: string;
  readonly ours: SideFigures | undefined;
  readonly peer: SideFigures | undefined;
  readonly peerName: string;
  readonly goal: number;
  /** What is compared; the rate without it. */
  readonly figure?: 'rate' | 'latency';
}

/** A goal for a rate is one for the processor time as well: whoever is only faster has used a second core. */
export function compare({ case: what, ours, peer, peerName, goal, figure = 'rate' }: Comparison): CaseLine {
  const skipped = problemOf('ours', ours) ?? problemOf('the peer', peer);
  if (skipped !== undefined || ours === undefined || peer === undefined || 'failed' in ours || 'failed' in peer) {
    return { case: what, peerName, skipped: skipped ?? 'it is not there' };
  }
  const [mine, theirs] = [ours.rounds, peer.rounds];
  const value = (figures: Figures): number => (figure === 'rate' ? figures.perSecond : figures.p50Us);
  const ratio = figure === 'rate' ? ratioOf(mine, theirs, value) : ratioOf(theirs, mine, value);
  const cpuRatio = ratioOf(theirs, mine, ({ cpuUs }) => cpuUs);
  const isFrugal = figure === 'latency' || Number.isNaN(cpuRatio) || cpuRatio >= goal;
  return {
    case: what,
    ours: middle(mine, value),
    peer: middle(theirs, value),
    peerName,
    unit: figure === 'rate' ? 'msg/s' : 'us (p50)',
    ratio,
    cpuRatio,
    goal,
    met: ratio >= goal && isFrugal,
    detail: {
      oursCpuUs: middle(mine, ({ cpuUs }) => cpuUs),
      peerCpuUs: middle(theirs, ({ cpuUs }) => cpuUs),
      oursP50Us: middle(mine, ({ p50Us }) => p50Us),
      peerP50Us: middle(theirs, ({ p50Us }) => p50Us),
      oursP99Us: middle(mine, ({ p99Us }) => p99Us),
      peerP99Us: middle(theirs, ({ p99Us }) => p99Us),
    },
  };
}

/** One figure against another, or against a limit, where less is better and no message is counted. */
export function lessIsBetter(form: {
  readonly case: string;
  readonly ours: number;
  readonly peer: number;
  readonly peerName: string;
  readonly unit: string;
  readonly goal: number;
}): CaseLine {
  const ratio = form.peer / form.ours;
  return { ...form, ratio, cpuRatio: Number.NaN, met: ratio >= form.goal };
}

function problemOf(who: string, side: SideFigures | undefined): string | undefined {
  return side !== undefined && 'failed' in side ? `${who}: ${side.failed}` : undefined;
}
